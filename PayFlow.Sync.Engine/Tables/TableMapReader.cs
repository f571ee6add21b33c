using System.Text.Json;

namespace PayFlow.Sync.Engine.Tables;

/// <summary>Reads a table map token by token, because only that way every complaint can name its line.</summary>
internal ref struct TableMapReader
{
    private const string Fields =
        "name, centralName, renames, exclude, direction, priority, conflicts, fallback, additive, deletes, softDelete, terminalCapture, centralCapture, filter, writeFilter, unlinked, match, batchSize, keyBlock, enabled";

    private readonly ReadOnlySpan<byte> _json;
    private readonly string _source;
    private Utf8JsonReader _reader;
    private string? _table;
    private string? _field;

    public TableMapReader(ReadOnlySpan<byte> json, string source)
    {
        _json = json;
        _source = source;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    public TableMap ReadMap()
    {
        Next();
        Expect(JsonTokenType.StartObject, "an object with \"tables\"");
        List<TableMapEntry>? entries = null;
        while (NextField())
        {
            if (_field != "tables")
                throw Fault($"unknown field \"{_field}\"", "Only \"tables\" is known here.");
            if (entries is not null)
                throw Fault("\"tables\" stands twice", "Keep one.");
            entries = ReadEntries();
        }
        _field = null;
        if (entries is null)
            throw Fault("\"tables\" is missing", "Write {\"tables\":[{\"name\":\"products\"}]}.");
        // Reads on to the end, so that text after the map is refused.
        _reader.Read();
        return new TableMap(entries);
    }

    private List<TableMapEntry> ReadEntries()
    {
        var entries = new List<TableMapEntry>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Next();
        Expect(JsonTokenType.StartArray, "an array of tables");
        while (Next() != JsonTokenType.EndArray)
        {
            Expect(JsonTokenType.StartObject, "an object with \"name\"");
            var entry = ReadEntry();
            if (!names.Add(entry.Name))
                throw Fault("the table stands in the map twice", "Keep one entry.");
            entries.Add(entry);
        }
        _table = null;
        return entries;
    }

    private TableMapEntry ReadEntry()
    {
        _table = PeekName();
        var entry = new TableMapEntry { Name = string.Empty };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextField())
        {
            if (!seen.Add(_field!))
                throw Fault("the field stands twice", "Keep one.");
            entry = ReadField(entry);
        }
        _field = null;
        return entry.Name.Length > 0 ? entry : throw Fault("an entry has no \"name\"", "Name the terminal's table.");
    }

    private TableMapEntry ReadField(TableMapEntry entry) => _field switch
    {
        "name" => entry with { Name = Text() },
        "centralName" => entry with { CentralName = TextOrNull() },
        "renames" => entry with { Renames = Pairs() },
        "exclude" => entry with { Exclude = Texts() },
        "direction" => entry with { Direction = Word<SyncDirection>() },
        "priority" => entry with { Priority = Number() },
        "conflicts" => entry with { Conflicts = Word<ConflictPolicy>() },
        "fallback" => entry with { Fallback = Word<ConflictPolicy>() },
        "additive" => entry with { Additive = Texts() },
        "deletes" => entry with { Deletes = Word<DeleteMode>() },
        "softDelete" => entry with { SoftDelete = TextOrNull() },
        "terminalCapture" => entry with { TerminalCapture = Word<CaptureMode>() },
        "centralCapture" => entry with { CentralCapture = Word<CaptureMode>() },
        "filter" => entry with { Filter = ConditionOrNull() },
        "writeFilter" => entry with { WriteFilter = ConditionOrNull() },
        "unlinked" => entry with { Unlinked = Word<UnlinkedRows>() },
        "match" => entry with { Match = Texts() },
        "batchSize" => entry with { BatchSize = NumberOrNull() },
        "keyBlock" => entry with { KeyBlock = NumberOrNull() },
        "enabled" => entry with { Enabled = Flag() },
        _ => throw Fault("unknown field", $"Known fields: {Fields}."),
    };

    /// <summary>The entry's name for messages about fields that stand before it; the reader is a value, so a copy looks ahead.</summary>
    private readonly string? PeekName()
    {
        var ahead = _reader;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var found = ahead.ValueTextEquals("name"u8);
            ahead.Read();
            if (found)
                return ahead.TokenType == JsonTokenType.String ? ahead.GetString() : null;
            ahead.Skip();
        }
        return null;
    }

    private string Text()
    {
        Next();
        Expect(JsonTokenType.String, "a text");
        return _reader.GetString() is { Length: > 0 } text ? text : throw Fault("is an empty text", "Write a name, or leave the field out.");
    }

    private string? ConditionOrNull() => TextOrNull() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    private string? TextOrNull()
    {
        if (Next() == JsonTokenType.Null)
            return null;
        Expect(JsonTokenType.String, "a text or null");
        return _reader.GetString() is { Length: > 0 } text ? text : null;
    }

    private int? NumberOrNull()
    {
        if (Next() == JsonTokenType.Null)
            return null;
        return _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out var number) ? number : throw Wrong("a whole number or null");
    }

    private int Number()
    {
        Next();
        return _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out var number) ? number : throw Wrong("a whole number");
    }

    private bool Flag() => Next() switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong("true or false"),
    };

    private T Word<T>()
        where T : struct, Enum
    {
        Next();
        Expect(JsonTokenType.String, $"one of {MapWord<T>.Allowed}");
        var word = _reader.GetString()!;
        return MapWord<T>.Find(word) ?? throw Fault($"\"{word}\" is not known", $"Allowed: {MapWord<T>.Allowed}.");
    }

    private List<string> Texts()
    {
        var texts = new List<string>();
        Next();
        Expect(JsonTokenType.StartArray, "an array of column names");
        while (Next() != JsonTokenType.EndArray)
        {
            Expect(JsonTokenType.String, "a column name");
            var text = _reader.GetString()!;
            if (texts.Contains(text, StringComparer.OrdinalIgnoreCase))
                throw Fault($"\"{text}\" stands twice", "Keep one.");
            texts.Add(text);
        }
        return texts;
    }

    private Dictionary<string, string> Pairs()
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Next();
        Expect(JsonTokenType.StartObject, "an object of terminal column to central column");
        while (Next() != JsonTokenType.EndObject)
        {
            var from = _reader.GetString()!;
            Next();
            Expect(JsonTokenType.String, "a column name");
            if (!pairs.TryAdd(from, _reader.GetString()!))
                throw Fault($"\"{from}\" stands twice", "Keep one.");
        }
        return pairs;
    }

    private bool NextField()
    {
        if (Next() == JsonTokenType.EndObject)
            return false;
        _field = _reader.GetString();
        return true;
    }

    private JsonTokenType Next()
    {
        _reader.Read();
        return _reader.TokenType;
    }

    private readonly void Expect(JsonTokenType type, string wanted)
    {
        if (_reader.TokenType != type)
            throw Wrong(wanted);
    }

    private readonly SyncException Wrong(string wanted) => Fault($"must be {wanted}", $"Write {wanted}.");

    private readonly SyncException Fault(string reason, string hint)
    {
        var line = _json[..(int)_reader.TokenStartIndex].Count((byte)'\n') + 1;
        var place = $"{_source}, line {line}{(_table is null ? string.Empty : $", table {_table}")}{(_field is null ? string.Empty : $", field \"{_field}\"")}";
        return new SyncException(SyncErrorCode.InvalidConfiguration, $"{place}: {reason}", hint) { Table = _table };
    }
}
