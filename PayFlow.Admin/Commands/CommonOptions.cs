using System.CommandLine;

namespace PayFlow.Admin.Commands;

/// <summary>Options that several verbs have, each defined once.</summary>
internal sealed class CommonOptions
{
    public const string SqliteVariable = "SQLITE_PATH_LOCAL";

    public Option<string?> Central { get; } = new("--central")
    {
        Description = "The central PostgreSQL: \"Host=…;Username=…\" or postgres://user:password@host/database. [environment: ConnectionStrings__Central, DATABASE_URL; a private server in the data folder if absent]",
        HelpName = "CONNECTION",
        Recursive = true,
    };

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "The data folder: the private PostgreSQL, the demo. [default: ./.payflow]",
        HelpName = "FOLDER",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON document instead of text.", Recursive = true };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Print where an error comes from.", Recursive = true };

    public Option<string?> Sqlite { get; } = new("--sqlite") { Description = $"The till's SQLite file. [environment: {SqliteVariable}]", HelpName = "FILE" };

    public Option<string?> Terminal { get; } = new("--terminal") { Description = "The till's id. [default: the id under which the file is attached]", HelpName = "ID" };

    public Option<string?> Map { get; } = new("--map") { Description = "A table map in JSON; it is checked against both databases and saved in central.", HelpName = "FILE" };
}
