namespace PayFlow.Sync.Engine.Changes;

/// <summary>Central's answer to a batch; kept with the batch's id, so that the same question gets the same answer.</summary>
public sealed record UploadResult(Guid BatchId, IReadOnlyList<SectionResult> Sections);
