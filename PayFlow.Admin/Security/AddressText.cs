using System.Buffers;
using System.Text;
using PayFlow.Admin.Api;

namespace PayFlow.Admin.Security;

/// <summary>Refuses addresses that are no text: with a NUL character, which PostgreSQL keeps in no text, or with percent signs that spell no UTF-8. Every page, file and call behind it may take what it reads for a text.</summary>
internal static class AddressText
{
    private const string Message = "The address is no text: it has a NUL character, or is not UTF-8.";

    private const string Hint = "Type it anew, or come from the page that leads there; programs spell values in UTF-8 and escape them (RFC 3986, 2.5).";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Use(WebApplication host) => host.Use(static (context, next) =>
        // The server has decoded the path already, and refuses what is no UTF-8 there by itself; a percent sign that is left in it is one.
        IsText(context.Request.QueryString.Value) && context.Request.Path.Value?.Contains('\0', StringComparison.Ordinal) != true ? next(context) : RefuseAsync(context));

    /// <summary>Whether percent signs and all spell a text: <c>a%20b</c> does, <c>%00</c> and <c>%FF</c> do not.</summary>
    internal static bool IsText(string? address)
    {
        if (address is null || !address.AsSpan().ContainsAny('%', '\0'))
            return true;
        var bytes = ArrayPool<byte>.Shared.Rent(Strict.GetMaxByteCount(address.Length));
        try
        {
            return Decode(address, bytes) is var length && !bytes.AsSpan(0, length).Contains((byte)0) && Strict.GetCharCount(bytes, 0, length) >= 0;
        }
        // What cannot be encoded or decoded: a lone surrogate, or bytes that are none of UTF-8.
        catch (ArgumentException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    // A percent sign without two digits behind it stands for itself, as it does for whoever reads the query.
    private static int Decode(string address, byte[] bytes)
    {
        var length = 0;
        for (var i = 0; i < address.Length;)
        {
            if (address[i] == '%' && i + 2 < address.Length && char.IsAsciiHexDigit(address[i + 1]) && char.IsAsciiHexDigit(address[i + 2]))
            {
                bytes[length++] = byte.Parse(address.AsSpan(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);
                i += 3;
                continue;
            }
            var end = address.IndexOf('%', i + 1) is var next and > 0 ? next : address.Length;
            length += Strict.GetBytes(address, i, end - i, bytes, length);
            i = end;
        }
        return length;
    }

    private static Task RefuseAsync(HttpContext context)
    {
        if (ApiServices.IsApi(context))
            return ApiProblems.Of(StatusCodes.Status400BadRequest, "BadRequest", Message, Hint).ExecuteAsync(context);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"{Message} {Hint}\n");
    }
}
