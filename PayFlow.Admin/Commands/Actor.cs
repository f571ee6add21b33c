using System.CommandLine;

namespace PayFlow.Admin.Commands;

/// <summary>Who does something by hand, and why: what the audit keeps.</summary>
internal static class Actor
{
    public static Option<string?> As { get; } = new("--as") { Description = "Who decides, for the record. [default: the user who is signed in to this machine]", HelpName = "NAME" };

    public static Option<string?> Reason { get; } = new("--reason") { Description = "Why, for the record.", HelpName = "TEXT" };

    public static string Of(Invocation call) => call.Get(As) is { } named && !string.IsNullOrWhiteSpace(named) ? named.Trim() : Environment.UserName;
}
