namespace CareTeamPortal.Platform.Access;

/// <summary>
/// One thing somebody can do in a patient's file. <see cref="RunAsync"/> cannot be overridden: it opens the file first, and the handler
/// receives it open. Leaving out <see cref="Needs"/> does not compile.
/// </summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResult">What comes back; expected outcomes are cases of it.</typeparam>
internal abstract class PatientUseCase<TRequest, TResult>(CareDesk desk)
{
    /// <summary>What the actor must be allowed to do.</summary>
    protected abstract CareAction Needs { get; }

    /// <summary>Opens the file and does it.</summary>
    /// <exception cref="PatientNotFound">There is no such file, or it is not open to this actor.</exception>
    /// <exception cref="ActionRefused">The file is open, this action is not.</exception>
    public async Task<TResult> RunAsync(Actor actor, PatientId patient, TRequest request, CancellationToken ct, AccessSource source = AccessSource.Page)
    {
        using var step = Time.Steps.Begin(GetType());
        for (var tries = 1; ; tries++)
        {
            var room = await desk.OpenAsync(actor, patient, Needs, source, ct);
            try
            {
                return await HandleAsync(room, request, ct);
            }
            catch (ActionRefused refused)
            {
                await desk.RecordRefusalAsync(room, refused, ct);
                throw;
            }
            catch (RightsMoved)
            {
                // The rights changed between opening and writing, and nothing was written.
                desk.ForgetRights(actor.Person, patient);
                if (tries == 3)
                    throw room.Refusal(Needs);
            }
        }
    }

    /// <summary>Does it, in the open file.</summary>
    protected abstract Task<TResult> HandleAsync(PatientRoom room, TRequest request, CancellationToken ct);
}
