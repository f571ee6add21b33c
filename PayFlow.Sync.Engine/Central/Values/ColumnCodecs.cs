using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>Finds the codec of a central column by its base type.</summary>
internal static class ColumnCodecs
{
    public static ColumnCodec For(ColumnSchema central) => central.BaseType switch
    {
        "bool" => new BooleanCodec(central),
        "int2" or "int4" or "int8" => new IntegerCodec(central),
        "float4" or "float8" => new FloatCodec(central),
        "numeric" => new NumericCodec(central),
        "money" => new MoneyCodec(central),
        "text" or "varchar" or "name" => new TextCodec(central),
        "bpchar" => new FixedTextCodec(central),
        "bytea" => new BytesCodec(central),
        "date" => new DateCodec(central),
        "time" => new TimeCodec(central),
        "timestamp" or "timestamptz" => new TimestampCodec(central),
        "uuid" => new UuidCodec(central),
        "json" or "jsonb" => new JsonCodec(central),
        _ => new TextFormCodec(central),
    };
}
