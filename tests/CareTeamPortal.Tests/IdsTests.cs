using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Tests;

public sealed class IdsTests
{
    [Theory]
    [InlineData("maria-verhoeven", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("../etc", false)]
    public void A_patient_id_is_a_FHIR_id(string text, bool valid) => Assert.Equal(valid, PatientId.TryParse(text) is not null);
}
