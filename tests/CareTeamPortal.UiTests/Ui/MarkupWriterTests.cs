using AngleSharp.Html.Parser;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CareTeamPortal.UiTests.Ui;

public sealed class MarkupWriterTests
{
    public static TheoryData<string> HostileTexts => new(
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onclick='alert(1)", "&lt;b&gt; &amp; &#60;", "</p></article><b>", "\u202Eomgekeerd\u202C \u200Bleeg\uFEFF", "é ü ß ” – 日本 🩺", "\0 \u0007 \u007F \u0085", "javascript:alert(1)",
        "half \uD83D en \uDE00 half", new string('n', 10_000), "<!-- --> ]]> <![CDATA[");

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task It_writes_what_Blazors_own_writer_writes(string hostile)
    {
        RenderFragment fragment = builder =>
        {
            builder.OpenElement(0, "article");
            builder.AddAttribute(1, "class", hostile);
            builder.AddAttribute(2, "hidden", true);
            builder.AddAttribute(3, "inert", false);
            builder.AddAttribute(4, "title", (string?)null);
            builder.AddContent(5, hostile);
            builder.OpenElement(6, "img");
            builder.AddAttribute(7, "alt", hostile);
            builder.CloseElement();
            builder.AddContent(8, (RenderFragment)(inner => inner.AddContent(0, hostile)));
            builder.AddMarkupContent(9, "<b>as it is</b>");
            builder.CloseElement();
        };
        var parser = new HtmlParser();
        Assert.Equal(parser.ParseDocument(await ByBlazorAsync(fragment)).Body!.InnerHtml, parser.ParseDocument(MarkupWriter.Write(fragment)).Body!.InnerHtml);
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Text_stays_text_and_a_value_stays_in_its_attribute(string hostile)
    {
        var html = MarkupWriter.Write(b =>
        {
            b.OpenElement(0, "p");
            b.AddAttribute(1, "title", hostile);
            b.AddContent(2, hostile);
            b.CloseElement();
        });
        var body = new HtmlParser().ParseDocument(html).Body!;
        var p = Assert.Single(body.Children);
        Assert.Empty(p.Children);
        Assert.Equal("title", Assert.Single(p.Attributes).Name);
    }

    [Fact]
    public void What_is_encoded_is_encoded_once() => Assert.Equal("&amp;lt;b&amp;gt;", MarkupWriter.Write(b => b.AddContent(0, "&lt;b&gt;")));

    [Fact]
    public void Components_and_handlers_cannot_be_shared()
    {
        Assert.Throws<InvalidOperationException>(() => MarkupWriter.Write(b =>
        {
            b.OpenComponent<Icon>(0);
            b.CloseComponent();
        }));
        Assert.Throws<InvalidOperationException>(() => MarkupWriter.Write(b =>
        {
            b.OpenElement(0, "button");
            b.AddAttribute(1, "onclick", EventCallback.Empty);
            b.AddAttribute(2, "oninput", (Action)(() => { }));
            b.CloseElement();
        }));
    }

    private static async Task<string> ByBlazorAsync(RenderFragment fragment)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<Holder>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Holder.Content)] = fragment }))).ToHtmlString());
    }

    private sealed class Holder : ComponentBase
    {
        [Parameter] public RenderFragment? Content { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Content);
    }
}
