namespace CareTeamPortal.Features.Patients;

/// <summary>Logs of the patient list: ids only.</summary>
internal static partial class PatientsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The patient list of {Person} could not be read.")]
    public static partial void NotRead(ILogger logger, Exception fault, string person);
}
