using System.Net;
using System.Text.RegularExpressions;
using PayFlow.Admin.Components;

namespace PayFlow.Benchmarks.Pages;

/// <summary>Somebody who is signed in and asks for pages, as a browser's first request does.</summary>
internal sealed partial class ConsoleVisitor : IDisposable
{
    private readonly HttpClient _http;

    public ConsoleVisitor(string address) =>
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), UseCookies = true }) { BaseAddress = new Uri(address) };

    public async Task SignInAsync(string email, string password)
    {
        var form = await _http.GetStringAsync(Urls.SignInPath);
        var fields = Hidden().Matches(form).ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        fields["Typed.Email"] = email;
        fields["Typed.Password"] = password;
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await _http.PostAsync(Urls.SignInPath, content);
        if (answer.StatusCode != HttpStatusCode.Redirect)
            throw new InvalidOperationException($"The sign-in answered {(int)answer.StatusCode}.");
    }

    /// <summary>The whole document, with everything that the page shows at first.</summary>
    public async Task<string> GetAsync(string url)
    {
        using var answer = await _http.GetAsync(url);
        var page = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode == HttpStatusCode.OK ? page : throw new InvalidOperationException($"{url} answered {(int)answer.StatusCode}.");
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)""")]
    private static partial Regex Hidden();
}
