namespace PayFlow.Admin.Tests.Engine.Convergence;

/// <summary>The process ends here.</summary>
internal sealed class CrashException(string step) : Exception($"crashed at {step}");
