using QRCoder;

namespace PayFlow.Admin.Security;

/// <summary>An address as a picture that a telephone reads. Made here: the key is nobody else's to see.</summary>
internal static class QrPicture
{
    private const int PixelsPerModule = 5;

    /// <summary>The picture as SVG, dark on light in every theme: not every reader takes it the other way round.</summary>
    public static string Svg(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(PixelsPerModule, "#000000", "#ffffff");
    }
}
