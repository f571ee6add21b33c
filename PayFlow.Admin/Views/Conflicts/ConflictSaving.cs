using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>Saves what was decided in an editor: never about anything else than what it shows.</summary>
internal sealed class ConflictSaving(NpgsqlDataSource central)
{
    private readonly ConflictDesk _desk = new(central);
    private readonly ConflictResolver _resolver = new(central);

    /// <summary>Has the engine read what was typed; faults are then at their fields.</summary>
    public async Task ReadTypedAsync(ConflictEditor editor, CancellationToken cancellationToken)
    {
        var texts = editor.Typed;
        if (texts.Count > 0)
            editor.Read(texts, await _desk.ReadTypedAsync(editor.Conflict.Id, texts, cancellationToken));
    }

    /// <summary>Decides, if nothing has moved since it was shown. Central's row as it is now may have been shown already: then what the record lacks is no news, and it is tried once more.</summary>
    public async Task<SaveResult> ExecuteAsync(ConflictEditor editor, string actor, string? reason, CancellationToken cancellationToken)
    {
        await ReadTypedAsync(editor, cancellationToken);
        for (var isAgain = false; ; isAgain = true)
        {
            if (editor.Obstacle is { } obstacle)
                return new SaveResult(null, new SyncException(SyncErrorCode.InvalidConfiguration, $"Conflict {editor.Conflict.Id} was not decided: {obstacle}", "Choose what is left, then save again."));
            try
            {
                return new SaveResult(await _resolver.ResolveAsync(editor.Conflict.Id, editor.Conflict.Version, editor.ToChoice(), actor, reason, cancellationToken), null);
            }
            catch (SyncException e) when (e.Code == SyncErrorCode.Moved)
            {
                var isNews = editor.Refresh(await _desk.ShowAsync(editor.Conflict.Id, cancellationToken));
                if (isAgain || isNews || editor.Obstacle is not null)
                    return new SaveResult(null, new SyncException(SyncErrorCode.Moved, e.Message, "Your choices are kept. What changed is marked: look at it, then save again.", e));
            }
            catch (SyncException e)
            {
                return new SaveResult(null, e);
            }
        }
    }
}
