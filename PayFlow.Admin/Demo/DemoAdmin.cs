namespace PayFlow.Admin.Demo;

/// <summary>The demo's own administrator. The password is made up at the first start and kept beside the tills, so that the next start can name it again.</summary>
internal sealed record DemoAdmin(string Email, string Password);
