namespace PayFlow.Admin.Views.Values;

/// <summary>A piece of a shown text.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="IsMark">It stands for something that cannot be seen, such as a blank at the end.</param>
public readonly record struct TextPart(string Text, bool IsMark);
