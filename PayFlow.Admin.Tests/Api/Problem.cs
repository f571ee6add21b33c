using System.Net;
using System.Text.Json;
using Xunit;

namespace PayFlow.Admin.Tests.Api;

/// <summary>Reads an answer that has to be a problem document.</summary>
internal static class Problem
{
    public static async Task<JsonElement> OfAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("code").GetString()!);
        return problem;
    }
}
