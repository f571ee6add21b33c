namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Ends an engine in the middle of a run: nothing in the engine catches it, as nothing catches the end of the process.</summary>
internal sealed class KilledException(string step) : Exception($"killed at {step}");
