using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Tells a restored file, a copied one and a restored central apart by a counter that both sides keep, a nonce per step, and the place where the file lies.
/// </summary>
/// <remarks>
/// A file restored from a backup is behind and lies where it always lay. A copy is behind, or as far with another nonce, and lies somewhere else.
/// A file that was moved is as far as central says: it is believed.
/// </remarks>
internal static class IdentityCheck
{
    public static IdentityVerdict Judge(TerminalIdentity state, Welcome welcome, string fingerprint)
    {
        if (welcome.Counter == state.Counter)
            return welcome.Nonce == state.Nonce ? IdentityVerdict.Same : IdentityVerdict.Copied;
        // The process died between central's step and the terminal's own.
        if (welcome.Nonce is not null && welcome.Nonce == state.PendingNonce && welcome.Counter == state.PendingCounter)
            return IdentityVerdict.Same;
        if (welcome.Counter < state.Counter)
            return IdentityVerdict.RestoredCentral;
        return welcome.Fingerprint is null || welcome.Fingerprint == fingerprint ? IdentityVerdict.RestoredTerminal : IdentityVerdict.Copied;
    }

    /// <exception cref="SyncException">The file belongs to another central or another registration.</exception>
    public static void RequireSameCentral(TerminalIdentity state, Welcome welcome, string path)
    {
        if (state.CentralId != welcome.CentralId)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"{path} belongs to another central ({state.CentralId}; this one is {welcome.CentralId})",
                "Check the connection; to move the terminal for good, run payflow detach and then payflow attach.")
            { Terminal = state.TerminalId };
        if (state.Lineage != welcome.Lineage)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"{path} is not the file that is registered as terminal {state.TerminalId}",
                "Two files were attached under one id: attach this one under an id of its own with payflow attach --as-new --terminal ID.")
            { Terminal = state.TerminalId };
    }

    public static SyncException CopiedFile(TerminalIdentity state, Welcome welcome, string path, string fingerprint) =>
        new(SyncErrorCode.IdentityMismatch,
            $"{path} is a copy of the file of terminal {state.TerminalId}, which last synced from {(welcome.Fingerprint == fingerprint ? "this place with another history" : welcome.Fingerprint)}",
            "If it is a till of its own, register it: payflow attach --as-new --terminal NEW-ID. If it is the right file, restored or moved on purpose: payflow sync --accept-moved; beside a till elsewhere: payflow agent --accept-moved.")
        { Terminal = state.TerminalId };
}
