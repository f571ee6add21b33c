namespace PayFlow.Admin.Views.Tables;

/// <summary>One table with a page of its terminals.</summary>
public sealed record TableDetail(TableRow Row, Page<TerminalCheckpoints> Terminals);
