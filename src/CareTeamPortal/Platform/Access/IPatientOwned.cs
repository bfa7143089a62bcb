namespace CareTeamPortal.Platform.Access;

/// <summary>A row that belongs to one patient: fenced by the room's patient in every query and every save.</summary>
public interface IPatientOwned
{
    PatientId PatientId { get; }
}

/// <summary>A patient's row that not everyone on the team may see: audience and category are part of the query.</summary>
public interface IReachRestricted : IPatientOwned
{
    Audience Audience { get; }
    InformationCategory Category { get; }
}
