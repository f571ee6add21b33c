using System.Text.Json;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Admin.Api;

/// <summary>A decision as it is sent, read and checked.</summary>
internal static class ResolveChoice
{
    /// <summary>The choice; or null, with what is wrong by field.</summary>
    public static ConflictChoice? Read(ResolveRequest request, Dictionary<string, string[]> errors)
    {
        if (request.Id is not > 0)
            errors["id"] = ["The conflict's number is missing."];
        if (request.ExpectedVersion is not > 0)
            errors["expectedVersion"] = ["The version that was looked at is missing: a conflict may change while somebody decides it."];
        if (request.Reason is { Length: > 1000 })
            errors["reason"] = ["The reason is longer than 1000 characters."];
        var side = ReadSide(request.Take, errors);
        var fields = new Dictionary<string, FieldChoice>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, field) in request.Fields ?? new Dictionary<string, ResolveField>())
        {
            if (ReadField($"fields.{name}", field, errors) is { } choice && !fields.TryAdd(name, choice))
                errors[$"fields.{name}"] = ["The field is named twice."];
        }
        if (side is null && fields.Count == 0 && errors.Count == 0)
            errors["take"] = ["Nothing is decided: give take, or single fields, or both."];
        return errors.Count == 0 ? new ConflictChoice { Take = side, Fields = fields } : null;
    }

    private static ConflictSide? ReadSide(string? take, Dictionary<string, string[]> errors)
    {
        switch (take?.ToLowerInvariant())
        {
            case null: return null;
            case "terminal": return ConflictSide.Terminal;
            case "central": return ConflictSide.Central;
            case "keep": return ConflictSide.Keep;
            case "delete": return ConflictSide.Delete;
            default:
                errors["take"] = [$"'{take}' is no side: terminal or central; where one side deleted the row also keep or delete."];
                return null;
        }
    }

    private static FieldChoice? ReadField(string name, ResolveField? field, Dictionary<string, string[]> errors)
    {
        switch (field)
        {
            case { Take: not null, Value: not null }:
                errors[name] = ["It has both take and value: give one of them."];
                return null;
            case { Take: { } take }:
                switch (take.ToLowerInvariant())
                {
                    case "terminal": return new FieldChoice(FieldSource.Terminal);
                    case "central": return new FieldChoice(FieldSource.Central);
                    case "base": return new FieldChoice(FieldSource.Base);
                    default:
                        errors[name] = [$"'{take}' is no side: terminal, central or base."];
                        return null;
                }
            case { Value: { ValueKind: not (JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Undefined) } value }:
                return FieldChoice.Of(ReadValue(value));
            default:
                errors[name] = ["Give take (terminal, central or base), or a value: text, number, true, false or null."];
                return null;
        }
    }

    // As text: the column's type reads it, and nothing is rounded on the way.
    private static CellValue ReadValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => CellValue.Null,
        JsonValueKind.String => CellValue.Of(value.GetString()!),
        _ => CellValue.Of(value.GetRawText()),
    };
}
