namespace PayFlow.Admin.Sample;

/// <summary>What a till can sell: an article, or one size of it.</summary>
internal sealed record SampleGoods(string ProductId, string? VariantId, string Sku, string Name, decimal Price, decimal TaxRate);
