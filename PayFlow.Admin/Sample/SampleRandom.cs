using System.Globalization;

namespace PayFlow.Admin.Sample;

/// <summary>What the sample draws from a seeded <see cref="Random"/>; the same seed gives the same draws on every machine and in every run.</summary>
internal static class SampleRandom
{
    /// <summary>A generator of its own per subject, so that more products do not change the customers.</summary>
    public static Random For(int seed, string subject)
    {
        // FNV-1a: string.GetHashCode differs from one process to the next.
        var hash = 2166136261u;
        foreach (var c in subject)
            hash = (hash ^ c) * 16777619u;
        return new Random(seed ^ (int)hash);
    }

    extension(Random random)
    {
        public T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

        public bool Chance(int percent) => random.Next(100) < percent;

        /// <summary>A random (version 4) uuid as text.</summary>
        public string NextId()
        {
            Span<byte> bytes = stackalloc byte[16];
            random.NextBytes(bytes);
            bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
            return new Guid(bytes, bigEndian: true).ToString();
        }

        /// <summary>A shelf price within the bounds, with two decimals, ending in 5 or 9.</summary>
        public decimal NextPrice(decimal lowest, decimal highest)
        {
            var cents = random.Next((int)(lowest * 100), (int)(highest * 100));
            return (cents - (cents % 10) + (random.Chance(70) ? 9 : 5)) / 100m;
        }

        /// <summary>Thirteen digits with a right check digit, as scanners want them: https://www.gs1.org/services/how-calculate-check-digit-manually</summary>
        public string NextBarcode()
        {
            var digits = random.NextInt64(871_000_000_000, 880_000_000_000).ToString(CultureInfo.InvariantCulture);
            var sum = 0;
            for (var i = 0; i < digits.Length; i++)
                sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
            return digits + ((10 - (sum % 10)) % 10).ToString(CultureInfo.InvariantCulture);
        }

        /// <summary>An earlier instant, up to that many days before, in whole milliseconds as the sample's timestamp columns hold them.</summary>
        public DateTime NextBefore(DateTime instant, int days) =>
            instant.AddMilliseconds(-random.NextInt64(1, TimeSpan.FromDays(days).Ticks / TimeSpan.TicksPerMillisecond));
    }
}
