namespace PayFlow.Admin.Views;

/// <summary>A piece of a hint: words, or a command for the command line.</summary>
public sealed record HintPart(string Text, bool IsCommand);
