using Npgsql;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>
/// The session settings on which PostgreSQL's text forms depend, and one that saves time. They are given as start-up options, so that they are what a pooled
/// connection falls back to when it is reset.
/// </summary>
/// <remarks><c>lc_monetary</c> is left alone on purpose: it decides how many decimals a stored <c>money</c> has, and money travels as numeric.</remarks>
internal static class CentralSession
{
    private static readonly (string Name, string Value)[] Options =
    [
        ("datestyle", "ISO,YMD"),
        ("intervalstyle", "postgres"),
        ("bytea_output", "hex"),
        ("extra_float_digits", "1"),
        ("standard_conforming_strings", "on"),
        ("xmloption", "content"),
        ("timezone", "UTC"),
        // Compiling takes longer than what it is tried on: statements over tables that nobody has analyzed yet, which look dear and are not. Each connection would carry a compiler, too.
        ("jit", "off"),
    ];

    /// <summary>Adds the settings to a connection string; what it says already comes first and is overruled.</summary>
    public static void ApplyTo(NpgsqlConnectionStringBuilder builder)
    {
        builder.Options = string.Join(' ', Options.Select(o => $"-c {o.Name}={o.Value}").Prepend(builder.Options)).Trim();
        builder.Timezone = "UTC";
    }
}
