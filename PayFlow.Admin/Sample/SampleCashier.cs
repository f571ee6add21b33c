using System.Globalization;
using System.Text.Json;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Sample;

/// <summary>
/// Works a till as its own program would: a connection of its own, one transaction per sale, nothing known of PayFlow.
/// What it does depends on the seed and on what the file holds, never on the clock; a second call goes on where the first one ended.
/// </summary>
/// <param name="path">The till's file.</param>
/// <param name="till">Which till it is.</param>
/// <param name="seed">Decides what is sold to whom.</param>
/// <param name="startsAt">When the first sale happens, unless the file has later ones; <see cref="SampleChain.Opening"/> when null.</param>
public sealed class SampleCashier(string path, SampleTill till, int seed, DateTimeOffset? startsAt = null)
{
    private const int SalesPerShift = 25;

    /// <summary>Makes that many sales and what happens around them: shifts, new and changed customers, sales taken back.</summary>
    /// <returns>The number of sales.</returns>
    /// <exception cref="SyncException">The file has no articles or no cashiers yet.</exception>
    public int SellOffline(int sales)
    {
        using var connection = SampleTillFile.Open(path);
        using var book = new SampleTillBook(connection, till);
        var first = book.NextOrderNumber();
        var start = (startsAt ?? SampleChain.Opening).UtcDateTime;
        var now = book.LastSale() is { } last && last > start ? last : new DateTime(start.Ticks - (start.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
        var random = SampleRandom.For(seed, string.Create(CultureInfo.InvariantCulture, $"cashier {till.Number} from {first}"));
        var day = new Day(book, SampleShop.Read(connection, till, now), till, random, now);
        for (var i = 0; i < sales; i++)
            day.Serve(first + i);
        return sales;
    }

    /// <summary>One stretch of work behind the till.</summary>
    private sealed class Day(SampleTillBook book, SampleShop shop, SampleTill till, Random random, DateTime now)
    {
        private SampleShift? _shift = book.FindOpenShift();
        private DateTime _now = now;

        public void Serve(int number)
        {
            if (_shift is { Sales: >= SalesPerShift })
                CloseShift(_shift);
            _shift ??= OpenShift();
            var shift = _shift;
            Sell(number, shift);
            _shift = shift with { Sales = shift.Sales + 1 };
            if (shop.Customers.Count > 0 && random.Chance(7))
                ChangeCustomer(number);
            if (random.Chance(4))
                TakeBack();
        }

        private SampleShift OpenShift()
        {
            var user = random.Pick(shop.Cashiers);
            var at = Tick();
            return new SampleShift(book.InTransaction(() => book.OpenShift(user, at)), user, 0);
        }

        private void CloseShift(SampleShift shift)
        {
            // Drawers are rarely right to the cent.
            var difference = random.Chance(70) ? 0m : random.Next(-250, 250) / 100m;
            var at = Tick();
            InTransaction(() => book.CloseShift(shift.LocalId, difference, at));
            _shift = null;
        }

        private void Sell(int number, SampleShift shift)
        {
            var at = Tick();
            var basket = SampleBasket.Draw(random, shop);
            var payments = basket.Pay(random);
            var newcomer = random.Chance(8) ? SamplePerson.Draw(random, till.Number, number) : null;
            long? known = newcomer is null && shop.Customers.Count > 0 && random.Chance(35) ? random.Pick(shop.Customers) : null;
            var orderNumber = string.Create(CultureInfo.InvariantCulture, $"{till.Code}-{number:000000}");
            var customer = book.InTransaction(() =>
            {
                var buyer = newcomer is null ? known : book.AddCustomer(newcomer, at);
                var order = book.AddOrder(orderNumber, shift, buyer, basket, at);
                foreach (var line in basket.Lines)
                    book.AddItem(order, line, at);
                foreach (var payment in payments)
                    book.AddPayment(order, payment, at);
                book.AddReceipt(order, "R" + orderNumber, Receipt(orderNumber, basket, payments), at);
                return buyer;
            });
            if (newcomer is not null)
                shop.Customers.Add(customer!.Value);
        }

        private void ChangeCustomer(int number)
        {
            var at = Tick();
            var customer = random.Pick(shop.Customers);
            if (random.Chance(60))
            {
                var preferences = SamplePerson.DrawPreferences(random);
                InTransaction(() => book.ChangePreferences(customer, preferences, at));
            }
            else
            {
                var email = SamplePerson.EmailOf(random.Pick(SampleNames.First), random.Pick(SampleNames.Last), till.Number, number);
                InTransaction(() => book.ChangeEmail(customer, email, at));
            }
        }

        private void TakeBack()
        {
            var at = Tick();
            if (book.FindCompletedOrder(random.Next(8)) is not { } order)
                return;
            var (status, reason) = random.Chance(50) ? ("VOIDED", "rung up by mistake") : ("REFUNDED", "customer brought it back");
            InTransaction(() => book.TakeBack(order, status, reason, at));
        }

        private string Receipt(string number, SampleBasket basket, IReadOnlyList<SamplePayment> payments) => JsonSerializer.Serialize(new
        {
            number,
            till = till.Code,
            lines = basket.Lines.Select(l => new { sku = l.Goods.Sku, name = l.Goods.Name, quantity = l.Quantity, price = l.Goods.Price, total = l.Total }),
            discount = basket.DiscountTotal,
            tax = basket.TaxTotal,
            total = basket.Total,
            paid = payments.Select(p => new { method = p.Method, amount = p.Amount }),
        }, SampleJson.Options);

        private DateTime Tick() => _now = _now.AddMilliseconds(random.Next(20_000, 180_000));

        private void InTransaction(Action work) => book.InTransaction(() =>
        {
            work();
            return true;
        });
    }
}
