using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Platform.Access;

/// <summary>Resources that come with the program as files inside it, and that it keeps in the store when it starts.</summary>
internal static class OwnFiles
{
    /// <summary>The files of a folder as they stand in the program, by name.</summary>
    /// <param name="folder">As embedded: the namespace of the folder, with a dot at its end.</param>
    public static IEnumerable<(string Name, byte[] Json)> In(string folder)
    {
        var assembly = typeof(OwnFiles).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            yield return (name[folder.Length..], bytes.ToArray());
        }
    }

    /// <summary>Keeps them, unless this very program did so in this database before: then nothing is read at all.</summary>
    /// <param name="mark">Name of the setting that says which program did.</param>
    /// <param name="keep">Keeps them all; may be done again after a crash in the middle.</param>
    public static async Task KeepAsync(CareDesk desk, string mark, Func<Task> keep, CancellationToken ct)
    {
        var program = typeof(OwnFiles).Module.ModuleVersionId.ToString();
        var keptBy = await desk.ReadForTheClockAsync(session => SettingSql.Read(session, mark), ct);
        if (keptBy == program)
            return;
        await keep();
        await desk.KeepOwnAsync(Actor.Portal, (session, _, _) => SettingSql.Change(session, mark, keptBy, program), ct);
    }
}
