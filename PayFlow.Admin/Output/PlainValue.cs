using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Admin.Output;

/// <summary>A value as other programs read it in JSON: null, a number, or a text; bytes as <c>\x0a1b</c>.</summary>
internal static class PlainValue
{
    public static object? Of(CellValue value) => value.Kind switch
    {
        CellKind.Null => null,
        CellKind.Integer => value.AsInteger,
        CellKind.Real when double.IsFinite(value.AsReal) => value.AsReal,
        _ => value.ToString(),
    };

    public static Dictionary<string, object?>? Of(IReadOnlyDictionary<string, CellValue>? row) => row?.ToDictionary(c => c.Key, c => Of(c.Value));
}
