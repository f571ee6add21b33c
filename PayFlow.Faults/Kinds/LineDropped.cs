using PayFlow.Faults.Chain;
using PayFlow.Faults.Line;

namespace PayFlow.Faults.Kinds;

/// <summary>A request, its answer or half of one vanishes, and the connection stays open as if nothing were wrong: the till has to give up by itself.</summary>
internal sealed class LineDropped(FaultScene scene) : LineFault(scene)
{
    protected override int LineMilliseconds => 300;

    protected override async Task StrikeAsync(LineExchange exchange, Random random)
    {
        var place = random.Pick(["a request", "half a request", "an answer", "half an answer"]);
        Hit(place);
        if (place == "half a request")
            Line.Track(() => Line.SendPartAsync(exchange.Request, random.Next(1, exchange.Request.Bytes.Length), isRude: random.Chance(50)));
        else if (place != "a request")
        {
            var answer = await Line.SendAsync(exchange.Request);
            if (place == "half an answer")
                await exchange.AnswerAsync(answer, random.Next(1, answer.Bytes.Length));
        }
        await exchange.KeepSilentAsync();
    }
}
