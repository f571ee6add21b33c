namespace PayFlow.Sync.Engine.Changes;

/// <summary>Reads a uuid from what a SQLite column may hold: text in any of its usual spellings, or 16 bytes in the order of RFC 9562.</summary>
internal static class UuidValue
{
    public static bool TryRead(in CellValue value, out Guid uuid)
    {
        uuid = default;
        switch (value.Kind)
        {
            case CellKind.Text:
                var text = value.AsText.AsSpan().Trim();
                return Guid.TryParseExact(text, "D", out uuid) || Guid.TryParseExact(text, "N", out uuid) || Guid.TryParseExact(text, "B", out uuid);
            case CellKind.Blob when value.AsBlob.Length == 16:
                uuid = new Guid(value.AsBlob, bigEndian: true);
                return true;
            default:
                return false;
        }
    }
}
