using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace PayFlow.Admin.Tests.Security;

/// <summary>An authenticator: six digits from a key and the time (RFC 6238, 30 seconds, SHA-1).</summary>
internal static class Totp
{
    public static string Of(string base32, DateTimeOffset at)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, at.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The RFC's own algorithm.
        var hash = HMACSHA1.HashData(Decode(base32), counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xf;
        return ((BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset)) & 0x7fffffff) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string base32)
    {
        var (bits, value, bytes) = (0, 0, new List<byte>());
        foreach (var c in base32.TrimEnd('='))
        {
            value = (value << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            bits += 5;
            if (bits < 8)
                continue;
            bits -= 8;
            bytes.Add((byte)(value >> bits));
            value &= (1 << bits) - 1;
        }
        return [.. bytes];
    }
}
