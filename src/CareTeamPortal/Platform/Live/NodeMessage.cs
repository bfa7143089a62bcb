using System.Text.Json;
using System.Text.Json.Serialization;

namespace CareTeamPortal.Platform.Live;

/// <summary>
/// What one node tells the others: which files it committed something in, and who has which files open there. Ids and numbers only: whoever wants to know what happened reads it from the
/// database by the rights of who looks.
/// </summary>
/// <param name="Node">Who says it.</param>
/// <param name="Commits">The newest commit of each file.</param>
/// <param name="Here">Who has a file open there now; an empty list says that nobody has any more.</param>
internal sealed record NodeMessage(string Node, IReadOnlyList<NodeMessage.Commit> Commits, IReadOnlyList<NodeMessage.OpenFile> Here)
{
    /// <param name="Patient">FHIR id of the file.</param>
    /// <param name="Cursor">Number of the commit.</param>
    /// <param name="Topics">What this commit, and those before it that are told of here, may concern.</param>
    internal sealed record Commit(string Patient, long Cursor, Topics Topics);

    /// <param name="Patient">FHIR id of the file.</param>
    internal sealed record OpenFile(string Patient, IReadOnlyList<Visitor> People);

    /// <param name="Person">User name.</param>
    /// <param name="TypesFor">For whom what they type is meant, as a number of <see cref="Access.Audience"/>; 0: they type nothing.</param>
    internal sealed record Visitor(string Person, int TypesFor);

    /// <summary>As it travels.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, NodeMessages.Default.NodeMessage);

    /// <summary>Reads what another node wrote; null when this is nothing that a node of this version writes.</summary>
    public static NodeMessage? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, NodeMessages.Default.NodeMessage) is { Node.Length: > 0, Commits: { } commits, Here: { } here } message
                && commits.All(c => c is { Patient.Length: > 0, Cursor: > 0 }) && here.All(f => f is { Patient.Length: > 0, People: { } people } && people.All(p => p is { Person.Length: > 0 })) ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(NodeMessage))]
internal sealed partial class NodeMessages : JsonSerializerContext;
