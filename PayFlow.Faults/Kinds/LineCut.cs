using PayFlow.Faults.Chain;
using PayFlow.Faults.Line;

namespace PayFlow.Faults.Kinds;

/// <summary>The connection breaks at a border of a request or its answer, or within a part of them; each has its turn.</summary>
internal sealed class LineCut(FaultScene scene) : LineFault(scene)
{
    private static readonly string[] Borders =
    [
        "in the request's line", "in the request's headers", "between the request's headers and body", "in the request's body", "before the request's last byte", "behind the request",
        "before the answer", "in the status line", "in the answer's headers", "between the answer's headers and body", "in the answer's body", "before the answer's last byte", "behind the answer",
    ];

    protected override async Task StrikeAsync(LineExchange exchange, Random random)
    {
        var (border, isRude, request) = (random.Pick(Borders), random.Chance(50), exchange.Request);
        World.Log.Add($"   {request.Name} is cut");
        Hit(border);
        if (OfRequest(border, request, random) is { } sent)
        {
            // What the host has read of it already is its own affair; the till sees nothing but the end.
            Line.Track(() => Line.SendPartAsync(request, sent, isRude));
            exchange.Cut(isRude);
            return;
        }
        var answer = await Line.SendAsync(request);
        await exchange.AnswerAsync(answer, OfAnswer(border, answer, random));
        exchange.Cut(isRude && border == "before the answer");
    }

    private static int? OfRequest(string border, HttpMessage request, Random random) => border switch
    {
        "in the request's line" => random.Next(1, request.FirstLineLength),
        "in the request's headers" => random.Next(request.FirstLineLength, request.Head.Length - 1),
        "between the request's headers and body" => request.Head.Length,
        "in the request's body" => request.Head.Length + random.Next(request.Body.Length),
        "before the request's last byte" => request.Bytes.Length - 1,
        "behind the request" => request.Bytes.Length,
        _ => null,
    };

    private static int OfAnswer(string border, HttpMessage answer, Random random) => border switch
    {
        "before the answer" => 0,
        "in the status line" => random.Next(1, answer.FirstLineLength),
        "in the answer's headers" => random.Next(answer.FirstLineLength, answer.Head.Length - 1),
        "between the answer's headers and body" => answer.Head.Length,
        "in the answer's body" => answer.Head.Length + random.Next(answer.Body.Length),
        "before the answer's last byte" => answer.Bytes.Length - 1,
        _ => answer.Bytes.Length,
    };
}
