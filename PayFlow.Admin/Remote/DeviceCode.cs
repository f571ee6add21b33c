using System.Security.Cryptography;
using System.Text;

namespace PayFlow.Admin.Remote;

/// <summary>The one-time code that lets a till in: 80 random bits in letters and digits that nobody mistakes for others, in groups to be read out on the telephone.</summary>
internal static class DeviceCode
{
    /// <summary>Crockford's base 32: without I, L, O and U.</summary>
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int Length = 16;

    private const int Group = 4;

    public static string Create() =>
        string.Join('-', RandomNumberGenerator.GetString(Alphabet, Length).Chunk(Group).Select(g => new string(g)));

    /// <summary>What central keeps of it. Small letters, blanks and hyphens make no difference, nor do O for 0 and I or L for 1.</summary>
    public static byte[] Hash(string code)
    {
        var bare = code.ToUpperInvariant().Replace("-", string.Empty, StringComparison.Ordinal).Replace(" ", string.Empty, StringComparison.Ordinal).Replace('O', '0').Replace('I', '1').Replace('L', '1');
        return SHA256.HashData(Encoding.UTF8.GetBytes(bare));
    }
}
