using PayFlow.Faults.Chain;
using PayFlow.Faults.Line;

namespace PayFlow.Faults.Kinds;

/// <summary>Something on the line takes its time; now and then more than the till has, so that the host works on a request that was given up.</summary>
internal sealed class LineDelayed(FaultScene scene) : LineFault(scene)
{
    private const int Patience = 300;
    private const int Late = 120;

    protected override int LineMilliseconds => Patience;

    protected override async Task StrikeAsync(LineExchange exchange, Random random)
    {
        var isTooLate = random.Chance(40);
        var delay = isTooLate ? Patience + random.Next(20, 200) : random.Next(10, Late);
        var place = random.Pick(["a request", "an answer", "half an answer"]);
        Hit($"{place} of {exchange.Request.Name} {(isTooLate ? "later than the till waits" : "late")}");
        if (place == "a request")
            await Task.Delay(delay);
        var answer = await Line.SendAsync(exchange.Request);
        if (place == "an answer")
            await Task.Delay(delay);
        if (place != "half an answer")
        {
            await exchange.AnswerAsync(answer);
            return;
        }
        await exchange.AnswerInTwoAsync(answer, random.Next(1, answer.Bytes.Length), delay);
    }
}
