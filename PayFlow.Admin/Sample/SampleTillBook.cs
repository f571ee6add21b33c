using System.Globalization;
using Microsoft.Data.Sqlite;

namespace PayFlow.Admin.Sample;

/// <summary>What a till's program writes: each method is one statement or a few, all within the caller's transaction. Keeps its statements prepared.</summary>
internal sealed class SampleTillBook(SqliteConnection connection, SampleTill till) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private SqliteTransaction? _transaction;

    /// <summary>Runs a piece of work in a transaction of its own, as the till's program does with each sale.</summary>
    public T InTransaction<T>(Func<T> work)
    {
        using var transaction = connection.BeginTransaction();
        _transaction = transaction;
        try
        {
            var result = work();
            transaction.Commit();
            return result;
        }
        finally
        {
            _transaction = null;
        }
    }

    public int NextOrderNumber() => (int)Number("SELECT coalesce(max(local_id), 0) + 1 FROM orders");

    /// <summary>When the till last sold something; null on a new one.</summary>
    public DateTime? LastSale() => Run("SELECT max(created_at) FROM orders WHERE terminal_id = $till", ("$till", till.Id)) is string text
        ? DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
        : null;

    public SampleShift? FindOpenShift()
    {
        if (Run("SELECT max(local_id) FROM shifts WHERE status = 'OPEN' AND terminal_id = $till", ("$till", till.Id)) is not long shift)
            return null;
        var user = (string)Run("SELECT user_id FROM shifts WHERE local_id = $shift", ("$shift", shift))!;
        return new SampleShift(shift, user, (int)Number("SELECT count(*) FROM orders WHERE shift_id = $shift", ("$shift", shift)));
    }

    public long OpenShift(string user, DateTime now) => Number(
        """
        INSERT INTO shifts (terminal_id, user_id, status, opened_at, opening_cash, created_at, updated_at, sync_operation)
        VALUES ($till, $user, 'OPEN', $now, 150, $now, $now, 'INSERT')
        RETURNING local_id
        """,
        ("$till", till.Id), ("$user", user), ("$now", now));

    /// <summary>Counts the drawer: what should be in it, and what is.</summary>
    public void CloseShift(long shift, decimal difference, DateTime now) => Run(
        """
        WITH taken AS (
          SELECT round(total(CAST(p.amount AS REAL)), 2) AS cash
          FROM payments p
          JOIN orders o ON o.local_id = p.order_id
          WHERE o.shift_id = $shift AND p.method = 'CASH'
        )
        UPDATE shifts
        SET status = 'CLOSED', closed_at = $now, expected_cash = round(opening_cash + taken.cash, 2), closing_cash = round(opening_cash + taken.cash + CAST($difference AS REAL), 2),
            updated_at = $now, sync_status = 'PENDING', sync_operation = 'UPDATE'
        FROM taken
        WHERE local_id = $shift
        """,
        ("$shift", shift), ("$difference", difference), ("$now", now));

    public long AddCustomer(SamplePerson person, DateTime now) => Number(
        """
        INSERT INTO customers (first_name, last_name, phone, email, birth_date, preferences, created_at, updated_at, sync_operation)
        VALUES ($first, $last, $phone, $email, $born, $preferences, $now, $now, 'INSERT')
        RETURNING local_id
        """,
        ("$first", person.FirstName), ("$last", person.LastName), ("$phone", person.Phone), ("$email", person.Email), ("$born", person.BirthDate), ("$preferences", person.Preferences), ("$now", now));

    public void ChangePreferences(long customer, string preferences, DateTime now) => Run(
        """
        UPDATE customers
        SET preferences = $preferences, updated_at = $now, sync_status = 'PENDING', sync_operation = 'UPDATE'
        WHERE local_id = $customer
        """,
        ("$customer", customer), ("$preferences", preferences), ("$now", now));

    public void ChangeEmail(long customer, string email, DateTime now) => Run(
        """
        UPDATE customers
        SET email = $email, updated_at = $now, sync_status = 'PENDING', sync_operation = 'UPDATE'
        WHERE local_id = $customer
        """,
        ("$customer", customer), ("$email", email), ("$now", now));

    public long AddOrder(string number, SampleShift shift, long? customer, SampleBasket basket, DateTime now) => Number(
        """
        INSERT INTO orders (order_number, terminal_id, shift_id, user_id, customer_id, discount_id, status, subtotal, discount_total, tax_total, total, created_at, updated_at, sync_operation)
        VALUES ($number, $till, $shift, $user, $customer, $discount, 'COMPLETED', $subtotal, $discountTotal, $tax, $total, $now, $now, 'INSERT')
        RETURNING local_id
        """,
        ("$number", number), ("$till", till.Id), ("$shift", shift.LocalId), ("$user", shift.UserId), ("$customer", customer), ("$discount", basket.Discount?.Id),
        ("$subtotal", basket.Subtotal), ("$discountTotal", basket.DiscountTotal), ("$tax", basket.TaxTotal), ("$total", basket.Total), ("$now", now));

    public void AddItem(long order, SampleLine line, DateTime now)
    {
        Run(
            """
            INSERT INTO order_items (order_id, product_id, variant_id, quantity, unit_price, discount_amount, tax_rate, line_total, created_at, updated_at, sync_operation)
            VALUES ($order, $product, $variant, $quantity, $price, $discount, $rate, $total, $now, $now, 'INSERT')
            """,
            ("$order", order), ("$product", line.Goods.ProductId), ("$variant", line.Goods.VariantId), ("$quantity", line.Quantity), ("$price", line.Goods.Price),
            ("$discount", line.Discount), ("$rate", line.Goods.TaxRate), ("$total", line.Total), ("$now", now));
        Run(
            """
            INSERT INTO inventory_transactions (terminal_id, product_id, variant_id, order_id, kind, quantity_change, created_at, sync_operation)
            VALUES ($till, $product, $variant, $order, 'SALE', $change, $now, 'INSERT')
            """,
            ("$till", till.Id), ("$product", line.Goods.ProductId), ("$variant", line.Goods.VariantId), ("$order", order), ("$change", -line.Quantity), ("$now", now));
    }

    public void AddPayment(long order, SamplePayment payment, DateTime now) => Run(
        """
        INSERT INTO payments (order_id, method, amount, reference, created_at, sync_operation)
        VALUES ($order, $method, $amount, $reference, $now, 'INSERT')
        """,
        ("$order", order), ("$method", payment.Method), ("$amount", payment.Amount), ("$reference", payment.Reference), ("$now", now));

    public void AddReceipt(long order, string number, string content, DateTime now) => Run(
        """
        INSERT INTO receipts (order_id, receipt_number, content, created_at, sync_operation)
        VALUES ($order, $number, $content, $now, 'INSERT')
        """,
        ("$order", order), ("$number", number), ("$content", content), ("$now", now));

    /// <summary>One of the latest sales that still stand, counted back from the newest; null when there are not so many.</summary>
    public long? FindCompletedOrder(int back) => Run(
        """
        SELECT local_id
        FROM orders
        WHERE status = 'COMPLETED' AND terminal_id = $till
        ORDER BY local_id DESC
        LIMIT 1 OFFSET $back
        """,
        ("$till", till.Id), ("$back", back)) as long?;

    /// <summary>Takes a sale back: money and goods return, and the order says so.</summary>
    public void TakeBack(long order, string status, string reason, DateTime now)
    {
        Run(
            """
            UPDATE orders
            SET status = $status, note = $reason, updated_at = $now, sync_status = 'PENDING', sync_operation = 'UPDATE'
            WHERE local_id = $order
            """,
            ("$order", order), ("$status", status), ("$reason", reason), ("$now", now));
        Run(
            """
            INSERT INTO payments (order_id, method, amount, reference, created_at, sync_operation)
            SELECT order_id, method, printf('%.2f', 0 - CAST(amount AS REAL)), reference, $now, 'INSERT'
            FROM payments
            WHERE order_id = $order
            ORDER BY local_id
            """,
            ("$order", order), ("$now", now));
        Run(
            """
            INSERT INTO inventory_transactions (terminal_id, product_id, variant_id, order_id, kind, quantity_change, reason, created_at, sync_operation)
            SELECT $till, product_id, variant_id, order_id, 'RETURN', quantity, $reason, $now, 'INSERT'
            FROM order_items
            WHERE order_id = $order
            ORDER BY local_id
            """,
            ("$till", till.Id), ("$order", order), ("$reason", reason), ("$now", now));
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
    }

    private long Number(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => (long)Run(sql, values)!;

    private object? Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _commands[sql] = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in values)
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
        command.Transaction = _transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = SampleTillFile.Value(values[i].Value);
        return command.ExecuteScalar() is { } result and not DBNull ? result : null;
    }
}
