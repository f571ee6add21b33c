namespace PayFlow.Sync.Engine.Tables;

internal enum FilterTokenKind
{
    /// <summary>An identifier or key word without quotes.</summary>
    Word,

    /// <summary>An identifier in double quotes; the text is without them.</summary>
    Quoted,

    Literal,
    Attribute,

    /// <summary>Brackets, commas, dots and operators; an operator of several characters is one token.</summary>
    Symbol,
}

/// <summary>One piece of a filter; <paramref name="End"/> is the position after it.</summary>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Text, int Start, int End);
