using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PayFlow.Admin.Sample;

/// <summary>A made-up customer. <paramref name="Phone"/> is unique in the chain: it is what a customer is recognised by.</summary>
internal sealed record SamplePerson(string FirstName, string LastName, string Phone, string? Email, DateOnly? BirthDate, string Preferences)
{
    private static readonly string[] Channels = ["email", "sms", "none"];
    private static readonly string[] Languages = ["nl", "en", "de", "fr"];

    /// <summary>Draws the <paramref name="number"/>th customer whom that <paramref name="till"/> takes in; till 0 is the head office.</summary>
    public static SamplePerson Draw(Random random, int till, int number)
    {
        var first = random.Pick(SampleNames.First);
        var last = random.Pick(SampleNames.Last);
        DateOnly? born = random.Chance(55) ? new DateOnly(1945, 1, 1).AddDays(random.Next(365 * 60)) : null;
        return new SamplePerson(first, last, PhoneOf(till, number), random.Chance(80) ? EmailOf(first, last, till, number) : null, born, DrawPreferences(random));
    }

    /// <summary>What a customer wants to hear of, as JSON.</summary>
    public static string DrawPreferences(Random random) => JsonSerializer.Serialize(new
    {
        newsletter = random.Chance(40),
        channel = random.Pick(Channels),
        language = random.Pick(Languages),
        favourites = SampleShelf.All.Where(_ => random.Chance(12)).Select(s => s.Name).ToArray(),
    }, SampleJson.Options);

    public static string EmailOf(string first, string last, int till, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Letters(first)}.{Letters(last)}{(till == 0 ? "" : till + "-")}{number}@example.com");

    // A step that shares no divisor with 1,000,000 makes consecutive customers look unrelated without ever giving a number twice.
    private static string PhoneOf(int till, int number)
    {
        var scattered = (number / 1_000_000 * 1_000_000) + (int)(number % 1_000_000 * 617_339L % 1_000_000);
        var digits = string.Create(CultureInfo.InvariantCulture, $"{till:00}{scattered:000000}");
        return $"+31 6 {digits[..4]} {digits[4..]}";
    }

    private static string Letters(string name) =>
        string.Concat(name.Normalize(NormalizationForm.FormD).Where(char.IsAsciiLetter)).ToLowerInvariant();
}
