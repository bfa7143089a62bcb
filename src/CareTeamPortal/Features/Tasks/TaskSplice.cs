using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Tasks;

/// <summary>
/// Another owner in the bytes of a Task: owner, status, time and three extensions are put where <see cref="TaskFhir.Write"/> would put them, everything else stays byte
/// by byte. For Tasks that the portal wrote itself; made once for all that go to the same person.
/// </summary>
internal sealed class TaskSplice
{
    private static readonly (byte[] Url, Place Place)[] Places =
    [
        (Bytes(PortalCodes.CareLine), Place.Before), (Bytes(TaskCodes.AcceptBy), Place.GivenAnew), (Bytes(TaskCodes.AcceptedAt), Place.GivenAnew), (Bytes(TaskCodes.Delegate), Place.GivenAnew),
        (Bytes(TaskCodes.Repeat), Place.Behind), (Bytes(TaskCodes.SeriesStart), Place.Behind), (Bytes(TaskCodes.NextIsMade), Place.Behind),
    ];

    private readonly byte[] _owner;
    private readonly byte[] _now;
    private readonly byte[] _given;
    private readonly byte[][] _status = [.. Enum.GetValues<TaskState>().Select(s => Bytes(s.Code()))];
    private readonly ArrayBufferWriter<byte> _json = new(2_048);
    private readonly List<(Place Place, Range At)> _extensions = [];
    private (DateTime At, byte[] Text) _stored; // many were stored at one moment: by the hand-off before this one

    /// <param name="owner">Who has it from now on.</param>
    /// <param name="asked">Who is asked to take it over; null for nobody.</param>
    /// <param name="acceptBy">Until when.</param>
    /// <param name="person">Who of the portal a reference means.</param>
    public TaskSplice(TaskParty owner, TaskParty? asked, DateTime? acceptBy, DateTime now, Func<string?, PersonRow?> person)
    {
        (Owner, Asked, AcceptBy) = (TaskFhir.AsRead(owner, person)!, TaskFhir.AsRead(asked, person), acceptBy);
        (OwnerName, AskedName) = (TaskProjection.Line(Owner.Display), TaskProjection.Line(Asked?.Display));
        _owner = Bytes(TaskFhir.Reference(owner)!);
        _now = Bytes(FhirDates.BelgianDateTime(now));
        var given = new JsonArray();
        if (acceptBy is { } until)
            given.Add(new JsonObject { ["url"] = TaskCodes.AcceptBy, ["valueDateTime"] = FhirDates.BelgianDateTime(until) });
        given.Add(new JsonObject { ["url"] = TaskCodes.AcceptedAt, ["valueDateTime"] = FhirDates.BelgianDateTime(now) });
        if (asked is not null)
            given.Add(new JsonObject { ["url"] = TaskCodes.Delegate, ["valueReference"] = TaskFhir.Reference(asked) });
        _given = Bytes(given)[1..^1];
    }

    /// <summary>The owner as the resource will say it.</summary>
    public TaskParty Owner { get; }

    /// <summary>Who is asked, as the resource will say it.</summary>
    public TaskParty? Asked { get; }
    public DateTime? AcceptBy { get; }
    public string? OwnerName { get; }
    public string? AskedName { get; }

    /// <summary>The Task with its new owner; null when the portal did not write the bytes, so that they may say things in other places.</summary>
    /// <param name="json">The stored Task.</param>
    /// <param name="storedAt">When it was stored.</param>
    public byte[]? Patch(ReadOnlySpan<byte> json, DateTime storedAt, TaskState state)
    {
        _json.ResetWrittenCount();
        var (isOurs, hasOwner, hasExtension) = (false, false, false);
        var (from, end) = (0, json.LastIndexOf((byte)'}'));
        var members = new JsonMembers(json, json.IndexOf((byte)'{') + 1);
        while (members.Next())
        {
            var name = members.Name;
            var before = json[from..members.At];
            if (name.SequenceEqual("lastModified"u8))
            {
                isOurs = SaysStored(members.Value, storedAt);
                Put(before, _now);
            }
            else if (name.SequenceEqual("status"u8))
                Put(before, _status[(int)state]);
            else if (name.SequenceEqual("owner"u8))
            {
                hasOwner = true;
                Put(before, _owner);
            }
            else if (name.SequenceEqual("extension"u8))
            {
                hasExtension = true;
                Put(before, "["u8);
                PutExtensions(members.Value);
            }
            else
                continue;
            from = members.End;
        }

        if (!isOurs)
            return null;
        _json.Write(json[from..end]);
        if (!hasExtension)
        {
            Put(",\"extension\":["u8, _given);
            _json.Write("]"u8);
        }

        if (!hasOwner)
            Put(",\"owner\":"u8, _owner);
        _json.Write("}"u8);
        return _json.WrittenSpan.ToArray();
    }

    /// <summary>A hand-off that is over, with a thousand inputs left as they are; null when the portal did not write the bytes.</summary>
    /// <param name="json">The stored hand-off, taken on.</param>
    /// <param name="storedAt">When it was stored.</param>
    /// <param name="acceptedAt">When it was taken on.</param>
    public static byte[]? Ended(ReadOnlySpan<byte> json, DateTime storedAt, DateTime? acceptedAt, DateTime now)
    {
        if (!IsOurs(json, storedAt))
            return null;
        var carried = Bytes(TaskFhir.Carried(acceptedAt, now));
        var ended = new ArrayBufferWriter<byte>(json.Length + 256);
        var (from, end, hasPeriod) = (0, json.LastIndexOf((byte)'}'), false);
        var members = new JsonMembers(json, json.IndexOf((byte)'{') + 1);
        while (members.Next())
        {
            var name = members.Name;
            var value = name.SequenceEqual("status"u8) ? Bytes(TaskState.Completed.Code())
                : name.SequenceEqual("businessStatus"u8) ? Bytes(TaskFhir.Business(HandoffStatus.Ended))
                : name.SequenceEqual("lastModified"u8) ? Bytes(FhirDates.BelgianDateTime(now))
                : name.SequenceEqual("executionPeriod"u8) ? carried : null;
            if (value is null)
                continue;
            hasPeriod |= value == carried;
            ended.Write(json[from..members.At]);
            ended.Write(value);
            from = members.End;
        }

        ended.Write(json[from..end]);
        if (!hasPeriod)
        {
            ended.Write(",\"executionPeriod\":"u8);
            ended.Write(carried);
        }

        ended.Write("}"u8);
        return ended.WrittenSpan.ToArray();
    }

    /// <summary>Whether the portal wrote these bytes: it writes the moment at which it stores a Task into it; in what came from elsewhere stands another.</summary>
    public static bool IsOurs(ReadOnlySpan<byte> json, DateTime storedAt)
    {
        var members = new JsonMembers(json, json.IndexOf((byte)'{') + 1);
        while (members.Next())
        {
            if (members.Name.SequenceEqual("lastModified"u8))
                return Says(members.Value, storedAt);
        }

        return false;
    }

    private static bool Says(ReadOnlySpan<byte> dateTime, DateTime moment) => FhirDates.Parse(dateTime.Trim((byte)'"'))?.Start == moment;

    private bool SaysStored(ReadOnlySpan<byte> dateTime, DateTime storedAt)
    {
        if (_stored.Text is not null && _stored.At == storedAt && dateTime.SequenceEqual(_stored.Text))
            return true;
        if (!Says(dateTime, storedAt))
            return false;
        _stored = (storedAt, dateTime.ToArray());
        return true;
    }

    /// <summary>What others say in extensions first, then ours in the order in which they are written.</summary>
    private void PutExtensions(ReadOnlySpan<byte> array)
    {
        _extensions.Clear();
        for (var (at, end) = JsonMembers.NextObject(array, 1); at >= 0; (at, end) = JsonMembers.NextObject(array, end))
            _extensions.Add((PlaceOf(array[at..end]), at..end));
        PutThose(array, Place.OfOthers);
        PutThose(array, Place.Before);
        _json.Write(_given);
        PutThose(array, Place.Behind);
        _json.Write("]"u8);
    }

    private void PutThose(ReadOnlySpan<byte> array, Place place)
    {
        foreach (var (own, at) in _extensions)
        {
            if (own != place)
                continue;
            if (place == Place.Behind)
                Put(","u8, array[at]);
            else
                Put(array[at], ","u8);
        }
    }

    /// <summary>Where an extension stands: those that are given anew stand nowhere.</summary>
    private static Place PlaceOf(ReadOnlySpan<byte> extension)
    {
        var members = new JsonMembers(extension, 1);
        while (members.Next())
        {
            if (!members.Name.SequenceEqual("url"u8))
                continue;
            foreach (var (url, place) in Places)
            {
                if (members.Value.SequenceEqual(url))
                    return place;
            }

            break;
        }

        return Place.OfOthers;
    }

    private void Put(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        _json.Write(first);
        _json.Write(second);
    }

    private static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, TaskFhir.Relaxed);

    private static byte[] Bytes(string text) => JsonSerializer.SerializeToUtf8Bytes(text, TaskFhir.Relaxed);

    private enum Place
    {
        OfOthers,
        Before,
        GivenAnew,
        Behind,
    }
}
