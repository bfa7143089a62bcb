using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace CareTeamPortal.UiTests;

/// <summary>Loads the AngleSharp.Diffing that the feed holds in place of the one bunit names.</summary>
internal static class AngleSharpDiffing
{
    [ModuleInitializer]
    internal static void Resolve() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == "AngleSharp.Diffing" ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "old", "AngleSharp.Diffing.dll")) : null;
}
