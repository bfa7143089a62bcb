using System.Security.Cryptography;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Hosting;

namespace CareTeamPortal.Platform.Audit;

/// <summary>Where the audit keeps what must not stand in the database that it watches: the checkpoints and the key that signs them.</summary>
internal sealed class AuditFiles(string folder)
{
    private byte[]? _key;

    /// <summary>One checkpoint per line, oldest first. To be copied to where the database's administrators cannot write.</summary>
    public string Checkpoints { get; } = Path.Combine(folder, "checkpoints.ndjson");

    private string KeyFile { get; } = Path.Combine(folder, "key");

    /// <summary><c>Audit:Folder</c>, else a folder beside the SQLite database, else <c>data/audit</c>.</summary>
    public static AuditFiles For(IConfiguration configuration, CareDatabase database) => new(
        configuration["Audit:Folder"] is { Length: > 0 } set ? Path.GetFullPath(set, Paths.Root)
        : database is SqliteCareDatabase { File: var file } ? file + ".audit"
        : Path.GetFullPath("data/audit", Paths.Root));

    /// <summary>The key that signs; made at the first use, readable by the portal's account only.</summary>
    public byte[] Key()
    {
        if (_key is not null)
            return _key;
        Directory.CreateDirectory(Path.GetDirectoryName(KeyFile)!);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(KeyFile, options);
            file.Write(RandomNumberGenerator.GetBytes(32));
        }
        catch (IOException) when (File.Exists(KeyFile))
        {
            // Made before, or by another node on the same disk.
        }

        var key = File.ReadAllBytes(KeyFile);
        return key.Length == 32 ? _key = key : throw new InvalidDataException($"The audit's key {KeyFile} is not whole. Put it back from a copy; without it the checkpoints cannot be checked.");
    }
}
