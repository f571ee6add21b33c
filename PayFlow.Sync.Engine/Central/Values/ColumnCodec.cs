using System.Diagnostics.CodeAnalysis;
using Npgsql;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>
/// How the values of one central column travel: how they are staged, compared, written and read. SQL expressions go in and come out as text;
/// an expression that goes in is put in parentheses where that matters.
/// </summary>
/// <remarks>The text forms hold in sessions opened with <see cref="CentralSession"/>.</remarks>
internal abstract class ColumnCodec(ColumnSchema column)
{
    /// <summary>The column in central.</summary>
    public ColumnSchema Column { get; } = column;

    /// <summary>The column's type in a temporary staging table; never a domain, and never one whose length check could fail the COPY.</summary>
    public abstract string StageType { get; }

    /// <summary>A staged value in the target's type. It raises where the target would; it never cuts.</summary>
    public virtual string FromStage(string stagedExpression) => stagedExpression;

    /// <summary>Two values of the target's type are the same exactly when their comparables are <c>IS NOT DISTINCT FROM</c> each other.</summary>
    public virtual string Comparable(string valueExpression) => valueExpression;

    /// <summary>What to select so that <see cref="Read(NpgsqlDataReader, int)"/> understands it.</summary>
    public virtual string ReadExpression(string column) => column;

    /// <summary>The text that <see cref="CellValue.ToString"/> gives for the value read: a key's text form, made by the server.</summary>
    public virtual string KeyText(string column) => $"({column})::text";

    /// <summary>A key's text form back in the column's type.</summary>
    public abstract string KeyFromText(string expression);

    /// <summary>Makes a neutral value, or whatever a SQLite column happened to hold, one of this column's type.</summary>
    /// <param name="value">Anything but a <see cref="CellKind.LocalReference"/>.</param>
    /// <param name="cell">What to hand to <see cref="Write"/>.</param>
    /// <param name="refusal">Why not, in words without a full stop: <c>'abc' is not a number</c>.</param>
    public bool TryEncode(in CellValue value, out PgCell cell, [NotNullWhen(false)] out string? refusal)
    {
        if (value.IsNull)
        {
            cell = PgCell.Null;
            refusal = null;
            return true;
        }
        var isAccepted = TryEncodeValue(value, out cell, out var reason);
        refusal = isAccepted ? null : reason!;
        return isAccepted;
    }

    /// <summary>Writes one column of a COPY into the staging table.</summary>
    public void Write(CopyWriter writer, in PgCell cell)
    {
        if (cell.IsNull)
            writer.WriteNull();
        else
            WriteValue(writer, cell);
    }

    /// <summary>Reads one column of a COPY of <see cref="ReadExpression"/>.</summary>
    public CellValue Read(NpgsqlBinaryExporter exporter)
    {
        if (!exporter.IsNull)
            return ReadValue(exporter);
        exporter.Skip();
        return CellValue.Null;
    }

    /// <summary>Reads one column of a query for <see cref="ReadExpression"/>.</summary>
    public CellValue Read(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? CellValue.Null : ReadValue(reader, ordinal);

    /// <summary>As <see cref="TryEncode"/>, for a value that is not NULL; a reason is given exactly when it is refused.</summary>
    protected abstract bool TryEncodeValue(in CellValue value, out PgCell cell, out string? refusal);

    protected abstract void WriteValue(CopyWriter writer, in PgCell cell);

    protected abstract CellValue ReadValue(NpgsqlBinaryExporter exporter);

    protected abstract CellValue ReadValue(NpgsqlDataReader reader, int ordinal);

    protected static bool Refuse(string reason, out PgCell cell, out string? refusal)
    {
        cell = default;
        refusal = reason;
        return false;
    }

    protected static bool Accept(in PgCell value, out PgCell cell, out string? refusal)
    {
        cell = value;
        refusal = null;
        return true;
    }
}
