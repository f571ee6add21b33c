namespace PayFlow.Faults.Chain;

/// <summary>The process ends here.</summary>
internal sealed class CrashException(string step) : Exception($"crashed at {step}");
