using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

#pragma warning disable BL0006 // What a render batch holds is what is counted here.

namespace CareTeamPortal.UiTests.Performance;

/// <summary>Holds what a row costs in a circuit to counts that are the same on every machine (docs/performance.md).</summary>
public sealed class RowCostTests : UiContext
{
    private static readonly DateOnly Today = new(2026, 11, 25);

    private static RowView Row(int number) => new()
    {
        Key = "Communication-" + number, Day = Today, Time = "7:51", FullTime = "wo 25 nov 2026, 7:51", Stamp = "2026-11-25T06:51:00Z", Kind = EntryKind.Note, Word = "Nota", Icon = "note",
        Author = "Sofie Maes", Role = "thuisverpleegkundige", Line = CareLine.First, Audience = "Iedereen in het team", Html = new MarkupString("<p>Rustige nacht.</p>"), MayReply = true, MayPin = true,
    };

    [Fact]
    public async Task A_row_is_a_dozen_frames_and_one_that_arrives_sends_nothing_of_the_others()
    {
        await using var renderer = new CountingRenderer(Services, Services.GetRequiredService<ILoggerFactory>());
        List<RowView> rows = [.. Enumerable.Range(0, 7).Select(Row)];
        var chunk = await renderer.ShowAsync(rows, Today);
        Assert.InRange(renderer.Frames, 7 * 8, 8 * 15);
        await renderer.Dispatcher.InvokeAsync(() => chunk.Show([Row(100), .. rows]));
        Assert.InRange(renderer.Frames, 8, 15);
        Assert.InRange(renderer.Edits, 1, 9);
    }

    [Fact]
    public async Task What_a_row_shows_is_made_once_for_all_who_share_it()
    {
        var row = Row(1);
        await using var one = new CountingRenderer(Services, Services.GetRequiredService<ILoggerFactory>());
        await one.ShowAsync([row], Today);
        var made = row.Markup;
        Assert.NotNull(made);
        await using var other = new CountingRenderer(Services, Services.GetRequiredService<ILoggerFactory>());
        await other.ShowAsync([row], Today);
        Assert.Same(made, row.Markup);
        Assert.Null((row with { IsNew = true }).Markup);
    }

    private sealed class CountingRenderer(IServiceProvider services, ILoggerFactory log) : Renderer(services, log)
    {
        public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();
        public int Frames { get; private set; }
        public int Edits { get; private set; }

        public async Task<TimelineChunk> ShowAsync(IReadOnlyList<RowView> rows, DateOnly today) => await Dispatcher.InvokeAsync(async () =>
        {
            var chunk = (TimelineChunk)InstantiateComponent(typeof(TimelineChunk));
            await RenderRootComponentAsync(AssignRootComponentId(chunk), ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(TimelineChunk.Rows)] = rows, [nameof(TimelineChunk.Today)] = today }));
            return chunk;
        });

        protected override void HandleException(Exception exception) => throw exception;

        protected override Task UpdateDisplayAsync(in RenderBatch renderBatch)
        {
            Frames = renderBatch.ReferenceFrames.Count;
            Edits = renderBatch.UpdatedComponents.Array.Take(renderBatch.UpdatedComponents.Count).Sum(d => d.Edits.Count);
            return Task.CompletedTask;
        }
    }
}
