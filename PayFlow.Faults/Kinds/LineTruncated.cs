using PayFlow.Faults.Chain;
using PayFlow.Faults.Line;

namespace PayFlow.Faults.Kinds;

/// <summary>A body is cut short or altered on its way, and its length fits: only what is in it can tell.</summary>
internal sealed class LineTruncated(FaultScene scene) : LineFault(scene)
{
    // Every request bears a digest of its body; of the answers those with rows bear a checksum of them.
    private static readonly string[] Checked = ["download", "rows", "fetch"];

    protected override bool IsFor(LineExchange exchange) => exchange.Request.Content.Length > 0 || exchange.Request.Name == "download";

    protected override async Task StrikeAsync(LineExchange exchange, Random random)
    {
        var (name, isAnswer) = (exchange.Request.Name, exchange.Request.Content.Length == 0 || random.Chance(50));
        var isAltered = (!isAnswer || Checked.Contains(name)) && random.Chance(50);
        var what = $"{(isAnswer ? "an answer" : "a request")} {(isAltered ? "altered" : "cut short")}";
        if (!isAnswer)
        {
            Hit(what);
            await exchange.AnswerAsync(await Line.SendAsync(Harm(exchange.Request, isAltered, random), isHarmed: true));
            return;
        }
        var answer = await Line.SendAsync(exchange.Request);
        if (answer.Content.Length > 0)
            Hit(what);
        await exchange.AnswerAsync(answer.Content.Length > 0 ? Harm(answer, isAltered, random) : answer);
    }

    private static HttpMessage Harm(HttpMessage message, bool isAltered, Random random)
    {
        var content = message.Content.ToArray();
        if (!isAltered)
            return message.WithContent(content[..random.Next(content.Length)]);
        for (var i = random.Next(1, 4); i > 0; i--)
            content[random.Next(content.Length)] ^= (byte)(1 << random.Next(8));
        return message.WithContent(content);
    }
}
