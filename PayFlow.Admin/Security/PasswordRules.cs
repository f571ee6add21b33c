using Microsoft.AspNetCore.Identity;
using PayFlow.Admin.Data;

namespace PayFlow.Admin.Security;

/// <summary>
/// What a password must be. Length counts, not a mixture of signs (NIST SP 800-63B, 3.1.1.2: no composition rules, but no guessable ones).
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<ConsoleAccount>
{
    public const int MinLength = 12;

    public const int MinDifferent = 5;

    /// <summary>The rules as a form states them.</summary>
    public const string InWords = "At least 12 characters, 5 of them different; no run such as 123456789012 or abcdefghijkl, and not made of your e-mail address or the product's name. A sentence is fine.";

    private static readonly string[] Guessable = ["password", "passwort", "payflow", "qwertz", "qwerty", "letmein", "welcome", "changeme", "admin", "secret"];

    public static void Configure(PasswordOptions options)
    {
        options.RequiredLength = MinLength;
        options.RequiredUniqueChars = MinDifferent;
        options.RequireDigit = options.RequireLowercase = options.RequireUppercase = options.RequireNonAlphanumeric = false;
    }

    public Task<IdentityResult> ValidateAsync(UserManager<ConsoleAccount> manager, ConsoleAccount user, string? password) =>
        Task.FromResult(Trouble(user.Email, password ?? string.Empty) is { } trouble ? IdentityResult.Failed(new IdentityError { Code = "PasswordGuessable", Description = trouble }) : IdentityResult.Success);

    private static string? Trouble(string? email, string password)
    {
        if (password.Length > 256)
            return "The password is longer than 256 characters.";
        if (IsRun(password))
            return "The password is a run of neighbouring characters.";
        var guessable = email?.Split('@')[0] is { Length: >= 4 } name ? Guessable.Append(name) : Guessable;
        foreach (var word in guessable)
        {
            // What is left when the guessable word is taken out has to be good enough by itself.
            var rest = password.Replace(word, string.Empty, StringComparison.OrdinalIgnoreCase);
            if (rest.Length != password.Length && rest.Length < MinLength - 4)
                return $"The password is little more than '{word}'.";
        }
        return null;
    }

    private static bool IsRun(string password)
    {
        var neighbours = 0;
        for (var i = 1; i < password.Length; i++)
            if (Math.Abs(password[i] - password[i - 1]) <= 1)
                neighbours++;
        return neighbours >= password.Length - 2;
    }
}
