using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using Microsoft.AspNetCore.WebUtilities;

namespace CareTeamPortal.Platform.Live;

/// <summary>
/// Cursors as outsiders see them: one AES block, so that no number can be read, counted or guessed from it. The same place gives the same text,
/// so that a limited viewer whose view did not change gets no tick.
/// </summary>
internal sealed class CursorCodec(CareDatabase database)
{
    private const string SettingName = "cursor-key";
    private volatile byte[]? _key;

    /// <summary>Reads the key that all nodes share; makes it on the first start.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        _key = Convert.FromHexString(await database.WriteAsync((session, _) =>
        {
            session.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") SELECT @p0, @p1 WHERE NOT EXISTS (SELECT 1 FROM \"Settings\" WHERE \"Name\" = @p0)")
                .With(SettingName, Convert.ToHexString(RandomNumberGenerator.GetBytes(32))).Run();
            return ValueTask.FromResult(session.Sql("SELECT \"Value\" FROM \"Settings\" WHERE \"Name\" = @p0").With(SettingName).Text()!);
        }, ct));
    }

    /// <summary>Hides two numbers (a cursor, or a time and a number) of this patient's file.</summary>
    public string Hide(PatientId patient, long first, long second = 0)
    {
        Span<byte> block = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(block, first);
        BinaryPrimitives.WriteInt64BigEndian(block[8..], second);
        using var cipher = Cipher();
        return WebEncoders.Base64UrlEncode(cipher.EncryptCbc(block, Iv(patient)));
    }

    /// <summary>Hides one number as a FHIR id: a row number would tell how much happens in other files.</summary>
    public string HideAsId(PatientId patient, long number) => Convert.ToHexStringLower(WebEncoders.Base64UrlDecode(Hide(patient, number, -1)));

    /// <summary>The number behind an id of <see cref="HideAsId"/>; null when it is not one of ours for this patient.</summary>
    public long? RevealId(PatientId patient, string id)
    {
        try
        {
            return Reveal(patient, WebEncoders.Base64UrlEncode(Convert.FromHexString(id))) is (var number, -1) ? number : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The numbers behind a text; null when it is not one of ours for this patient.</summary>
    public (long First, long Second)? Reveal(PatientId patient, string text)
    {
        try
        {
            using var cipher = Cipher();
            var block = cipher.DecryptCbc(WebEncoders.Base64UrlDecode(text), Iv(patient));
            return block.Length == 16 ? (BinaryPrimitives.ReadInt64BigEndian(block), BinaryPrimitives.ReadInt64BigEndian(block.AsSpan(8))) : null;
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private Aes Cipher()
    {
        var aes = Aes.Create();
        aes.Key = _key ?? throw new InvalidOperationException("The cursor key is read at start.");
        return aes;
    }

    // The patient's id is the vector: a cursor of one file means nothing in another.
    private static byte[] Iv(PatientId patient) => SHA256.HashData(Encoding.UTF8.GetBytes(patient.Value))[..16];
}
