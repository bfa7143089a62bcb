using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Tests.Architecture;

/// <summary>The rules of the house that no compiler holds (architecture.md).</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly Portal = typeof(CareDesk).Assembly;
    private static readonly string Source = Path.Combine(SharedData.RepoRoot, "src", "CareTeamPortal");

    private static IEnumerable<(string Name, string Text)> Files(params string[] extensions) =>
        Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories)
            .Where(f => extensions.Contains(Path.GetExtension(f)) && !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(f => (Path.GetRelativePath(Source, f).Replace('\\', '/'), File.ReadAllText(f)));

    private static IEnumerable<Type> Types() => Portal.GetTypes().Where(t => t.GetCustomAttribute<CompilerGeneratedAttribute>() is null && t.Namespace?.StartsWith("CareTeamPortal", StringComparison.Ordinal) == true);

    [Fact]
    public void The_platform_never_refers_to_a_feature() =>
        Assert.Empty(Files(".cs", ".razor").Where(f => f.Name.StartsWith("Platform/", StringComparison.Ordinal) && FeatureReference().IsMatch(f.Text)).Select(f => f.Name));

    [GeneratedRegex(@"CareTeamPortal\.Features\b|^\s*@?using\s+Features\b|(?<![.\w])Features\.[A-Z]", RegexOptions.Multiline)]
    private static partial Regex FeatureReference();

    [Fact]
    public void The_rules_of_access_and_the_words_of_the_domain_see_the_base_library_only()
    {
        string[] domain =
        [
            "Platform/Access/Actor.cs", "Platform/Access/Audience.cs", "Platform/Access/CareAction.cs", "Platform/Access/CareLine.cs", "Platform/Access/Discipline.cs", "Platform/Access/Ids.cs", "Platform/Access/InformationCategory.cs",
            "Platform/Access/IPatientOwned.cs", "Platform/Access/PatientNotFound.cs", "Platform/Access/Consent.cs", "Platform/Access/Reach.cs", "Platform/Access/Relation.cs", "Platform/Access/RoleKind.cs", "Platform/Access/RuleDocuments.cs", "Platform/Access/SharingRules.cs",
            "Features/Timeline/EntryKind.cs", "Features/Timeline/EntryFacts.cs", "Features/Measurements/Quantity.cs", "Features/Measurements/QuickEntry.cs", "Features/Measurements/MeasuredSeries.cs",
        ];
        var files = Files(".cs").ToDictionary(f => f.Name, f => f.Text);
        foreach (var name in domain)
        {
            Assert.True(files.TryGetValue(name, out var text), $"{name} is gone: bring this list up to date");
            Assert.DoesNotMatch(@"using Microsoft\.|EntityFrameworkCore|AspNetCore|Platform\.(Data|Live|SignIn|Hosting)\b", text);
        }
    }

    [Fact]
    public void Components_see_use_cases_and_never_the_database()
    {
        var forbidden = new[] { typeof(CareDatabase), typeof(CareDbContext), typeof(DbSession), typeof(DbContext), typeof(PatientRoom), typeof(Statement), typeof(CareDesk) };
        var seen = from type in Types()
                   where typeof(IComponent).IsAssignableFrom(type)
                   from member in type.GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                   let used = member switch { FieldInfo f => f.FieldType, PropertyInfo p => p.PropertyType, MethodInfo m => m.ReturnType, _ => null }
                   where used is not null && forbidden.Any(f => f.IsAssignableFrom(used) || used.IsGenericType && used.GenericTypeArguments.Any(f.IsAssignableFrom))
                   select $"{type.Name}.{member.Name}";
        Assert.Empty(seen);
        Assert.DoesNotContain(Files(".razor"), f => f.Text.Contains("CareDbContext", StringComparison.Ordinal) || f.Text.Contains("CareDatabase", StringComparison.Ordinal) || f.Text.Contains("EntityFrameworkCore", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_holds_the_database_itself_is_on_a_short_list()
    {
        // Reviewed: each of these either is the platform, or takes data in as the operator or by ids and identifiers and hands nothing of a file out.
        string[] reviewed =
        [
            "CareDesk", "CursorCodec", "CursorRelay", "DatabaseKeys", "PatientHubRelay", "PatientRoom", "PeopleDirectory", "Sessions",
            "ImportFiles", "LoadDemo", "ReferenceBook", "TakeBundle",
        ];
        var holders = Types().Where(t => !t.IsAbstract && !typeof(CareDatabase).IsAssignableFrom(t) && t.Namespace != typeof(CareDatabase).Namespace
                && t.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).SelectMany(c => c.GetParameters()).Any(p => typeof(CareDatabase).IsAssignableFrom(p.ParameterType)))
            .Select(t => t.Name).Order(StringComparer.Ordinal);
        Assert.Equal(reviewed.Order(StringComparer.Ordinal), holders);
    }

    [Fact]
    public void Nobody_but_the_platforms_data_writes_SQL_or_goes_round_the_fence()
    {
        // Reviewed: settings that are nobody's, and the owner of an attachment by its id (the room decides about it afterwards).
        string[] reviewed = ["Platform/Live/CursorCodec.cs", "Platform/Hosting/DataServices.cs", "Platform/Hosting/Health.cs", "Features/Exchange/FhirApi.cs"];
        var found = Files(".cs", ".razor").Where(f => !f.Name.StartsWith("Platform/Data/", StringComparison.Ordinal) && RawSql().IsMatch(f.Text)).Select(f => f.Name);
        Assert.Empty(found.Except(reviewed));
        Assert.Empty(Files(".cs", ".razor").Where(f => f.Text.Contains("IgnoreQueryFilters", StringComparison.Ordinal) || EfFind().IsMatch(f.Text)).Select(f => f.Name));
    }

    [Fact]
    public void The_program_itself_opens_no_file_without_looking_at_rights() =>
        Assert.Empty(Files(".cs", ".razor").Where(f => f.Text.Contains("CareDesk.Unguarded(", StringComparison.Ordinal)).Select(f => f.Name));

    [GeneratedRegex(@"\.Sql\(|FromSql|ExecuteSql|SqlQuery|CommandText")]
    private static partial Regex RawSql();

    [GeneratedRegex(@"Set<\w+>\(\)\s*\.Find(Async)?\(|\.FindAsync<|\bDb\.Find(Async)?\(")]
    private static partial Regex EfFind();

    [Fact]
    public void Time_comes_from_the_clock_that_is_given() =>
        Assert.Empty(Files(".cs", ".razor").Where(f => SystemClock().IsMatch(f.Text)).Select(f => f.Name));

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    private static partial Regex SystemClock();

    [Fact]
    public void Nothing_is_async_void() =>
        Assert.Empty(from type in Portal.GetTypes()
                     from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                     where method.ReturnType == typeof(void) && method.GetCustomAttribute<AsyncStateMachineAttribute>() is not null
                     select $"{type.Name}.{method.Name}");

    [Fact]
    public async Task Every_table_is_fenced_or_on_a_short_list()
    {
        await using var ward = await Ward.OpenAsync();
        using var session = await ward.Database.RentAsync(CancellationToken.None);
        await using var context = session.NewContext(null, Reach.None);
        // Reviewed: the portal's people, their absences and saved views (ids and dates only), identifiers that lead to ids only, access records (shown by a use case of their own), settings, the versions of the sharing rules, who is signed in.
        string[] open = [nameof(PersonRow), nameof(AbsenceRow), nameof(SavedViewRow), nameof(ResourceIdentifierRow), nameof(AccessRecordRow), nameof(AuditChainRow), nameof(SettingRow), nameof(RuleVersionRow), nameof(SessionRow)];
        var unfenced = context.Model.GetEntityTypes().Where(e => e.GetDeclaredQueryFilters().All(f => f.Key != CareDbContext.Fence)).Select(e => e.ClrType.Name);
        Assert.Equal(open.Order(StringComparer.Ordinal), unfenced.Order(StringComparer.Ordinal));
        Assert.All(context.Model.GetEntityTypes().Where(e => typeof(IPatientOwned).IsAssignableFrom(e.ClrType)), e => Assert.Contains(e.GetDeclaredQueryFilters(), f => f.Key == CareDbContext.Fence));
    }

    public static TheoryData<string> UseCases => [.. Types().Where(t => !t.IsAbstract && UseCaseBase(t) is not null).Select(t => t.FullName!)];

    private static Type? UseCaseBase(Type type)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (t.IsGenericType && t.GetGenericTypeDefinition() == typeof(PatientUseCase<,>))
                return t;
        }

        return null;
    }

    [Theory]
    [MemberData(nameof(UseCases))]
    public async Task Every_use_case_answers_a_stranger_not_found(string name)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var type = Portal.GetType(name)!;
        var useCase = ward.Get(type);
        var request = RuntimeHelpers.GetUninitializedObject(UseCaseBase(type)!.GenericTypeArguments[0]);
        foreach (var who in new[] { Who.Els, Who.Piet, Who.Ilse, Who.Bram })
        {
            foreach (var patient in new[] { ward.Maria, new PatientId("nowhere") })
            {
                var run = (Task)type.GetMethod("RunAsync")!.Invoke(useCase, [who.Actor(), patient, request, CancellationToken.None, AccessSource.Page])!;
                await Assert.ThrowsAsync<PatientNotFound>(() => run);
            }
        }
    }

    [Fact]
    public void Opening_a_file_cannot_be_overridden()
    {
        var run = typeof(PatientUseCase<,>).GetMethod("RunAsync")!;
        Assert.False(run.IsVirtual);
        Assert.True(typeof(PatientUseCase<,>).GetProperty("Needs", BindingFlags.Instance | BindingFlags.NonPublic)!.GetMethod!.IsAbstract);
        Assert.Empty(Types().Where(t => UseCaseBase(t) is not null && !t.IsSealed).Select(t => t.Name));
    }

    [Fact]
    public void The_title_of_a_page_goes_into_the_browsers_history_and_names_no_patient() =>
        Assert.Empty(Files(".razor").Where(f => TitleWithName().IsMatch(f.Text)).Select(f => f.Name));

    // A name that is not cut to initials.
    [GeneratedRegex(@"<PageTitle>(?:(?!</PageTitle>).)*(?<!Initials\.Of\()(?<![\w.])(_name|_banner\.Name|\w+\.Name|DisplayName)\s*[\])]", RegexOptions.Singleline)]
    private static partial Regex TitleWithName();

    [Fact]
    public void What_people_read_stands_in_resources()
    {
        var found = new List<string>();
        foreach (var (name, text) in Files(".razor").Where(f => f.Name != "Platform/Ui/KitPage.razor"))
        {
            var markup = text;
            var code = markup.IndexOf("@code", StringComparison.Ordinal);
            if (code >= 0)
                markup = markup[..code];
            markup = RazorComment().Replace(markup, "");
            foreach (Match match in TextNode().Matches(markup))
            {
                if (match.Groups[1].Value.Trim() != "CareTeamPortal")
                    found.Add($"{name}: {match.Groups[1].Value.Trim()}");
            }

            foreach (Match match in WordAttribute().Matches(markup))
                found.Add($"{name}: {match.Value}");
        }

        Assert.Empty(found);
    }

    [GeneratedRegex(@"@\*.*?\*@|<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex RazorComment();

    // Two letters or more between tags on one line, without an expression in between.
    [GeneratedRegex(@"<[a-zA-Z][^<>@\n]*>([^<>@{}()\n=]*[A-Za-zÀ-ÿ]{3,}[^<>@{}()\n=]*)</")]
    private static partial Regex TextNode();

    [GeneratedRegex(@"\b(title|aria-label|placeholder|alt|aria-description)=""[^""@]*[A-Za-zÀ-ÿ]{3,}[^""]*""")]
    private static partial Regex WordAttribute();

    /// <summary>The Web SDK would start the program in the project's folder, and then <c>-- import ../files</c> means another folder than the caller's.</summary>
    [Fact]
    public void Dotnet_run_leaves_the_program_in_the_folder_of_the_caller()
    {
        var project = System.Xml.Linq.XDocument.Load(Path.Combine(SharedData.RepoRoot, "src", "CareTeamPortal", "CareTeamPortal.csproj"));
        Assert.Equal("false", project.Descendants("EnableDefaultRunWorkingDirectory").Single().Value);
        Assert.Empty(project.Descendants("RunWorkingDirectory"));
    }

    /// <summary>Two features that both style <c>.pts</c> change each other's pages, and nobody sees it in the file that he is in. What is smaller or printed says so elsewhere.</summary>
    [Fact]
    public void A_class_alone_is_styled_by_one_stylesheet()
    {
        var owners = from file in Directory.EnumerateFiles(Path.Combine(SharedData.RepoRoot, "wwwroot", "css"), "*.css")
                     where Path.GetFileName(file) != "small.css"
                     let css = AtRule().Replace(CssComment().Replace(File.ReadAllText(file), ""), "")
                     from Match rule in Selectors().Matches(css)
                     from selector in Parentheses().Replace(rule.Groups[1].Value, "()").Split(',', StringSplitOptions.TrimEntries)
                     where LoneClass().IsMatch(selector)
                     group Path.GetFileName(file) by selector into styled
                     where styled.Distinct().Count() > 1
                     select $"{styled.Key}: {string.Join(", ", styled.Distinct())}";
        Assert.Empty(owners);
    }

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex CssComment();

    // A block of @media, @container and the like with the rules in it.
    [GeneratedRegex(@"@[a-z-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")]
    private static partial Regex AtRule();

    [GeneratedRegex(@"([^{}]+)\{")]
    private static partial Regex Selectors();

    [GeneratedRegex(@"\((?:[^()]|\([^()]*\))*\)")]
    private static partial Regex Parentheses();

    [GeneratedRegex(@"^\.[\w-]+$")]
    private static partial Regex LoneClass();
}
