using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Tests.Views.Conflicts;

/// <summary>Conflicts as central hands them out, made by hand. Values are texts; null stands for NULL.</summary>
internal static class Disputed
{
    public static readonly RowColumn[] Columns =
    [
        Column("id", "uuid", LogicalType.Uuid) with { IsKey = true, NotNull = true },
        Column("name", "character varying(40)", LogicalType.Text) with { NotNull = true },
        Column("phone", "text", LogicalType.Text),
        Column("email", "text", LogicalType.Text),
        Column("credit", "numeric(12,2)", LogicalType.Decimal) with { Scale = 2 },
        Column("vip", "boolean", LogicalType.Boolean),
    ];

    private static readonly Dictionary<string, string?> Agreed = new() { ["id"] = "17", ["name"] = "Ann", ["phone"] = "1", ["email"] = null, ["credit"] = "1.50", ["vip"] = "x" };

    /// <summary>A row of which both sides changed the phone, the terminal the name, and central the credit.</summary>
    public static ConflictDetail Row { get; } = Over(
        Image(("name", "Anna"), ("phone", "2")),
        Image(("phone", "3"), ("credit", "9.90")), "phone");

    /// <summary>The agreed row with some fields changed.</summary>
    public static Dictionary<string, CellValue> Image(params (string Field, string? Value)[] changes)
    {
        var image = Agreed.ToDictionary(f => f.Key, f => Cell(f.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var (field, value) in changes)
            image[field] = Cell(value);
        return image;
    }

    public static ConflictDetail Over(IReadOnlyDictionary<string, CellValue>? terminal, IReadOnlyDictionary<string, CellValue>? central, params string[] fields) => new()
    {
        Id = 7,
        Version = 1,
        Terminal = "T1",
        Table = "customers",
        Key = "17",
        LocalKey = "17",
        Kind = terminal is null ? ConflictKind.DeleteUpdate : central is null ? ConflictKind.UpdateDelete : ConflictKind.UpdateUpdate,
        Policy = "manual",
        State = ConflictState.Open,
        DetectedAt = DateTimeOffset.UnixEpoch,
        Fields = fields,
        Base = Image(),
        TerminalRow = terminal,
        CentralRow = central,
        NowRow = central,
        Columns = Columns,
    };

    private static CellValue Cell(string? text) => text is null ? CellValue.Null : CellValue.Of(text);

    private static RowColumn Column(string name, string type, LogicalType logical) => new() { Name = name, Type = type, Logical = logical };
}
