namespace PayFlow.Admin.Security;

/// <summary>How an attempt to sign in ended.</summary>
internal enum SignInOutcome
{
    Done,

    /// <summary>The password is right; a code of the second factor is needed too.</summary>
    CodeNeeded,

    /// <summary>Address, password or code are wrong, or the account is locked. Which of these it is would help a guesser, so it is not told.</summary>
    Refused,

    /// <summary>The password is right, and an administrator has disabled the account.</summary>
    Disabled,

    /// <summary>The first step was too long ago.</summary>
    Expired,
}
