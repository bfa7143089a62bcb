using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Tests.Text;

public sealed class NameSieveTests
{
    private static readonly string[] Names = ["Maria Verhoeven", "Paula De Ridder", "Jan Van den Broeck", "Véronique D'Hondt-Maes", "Thijs Wijnants", "Ijsbrand Dewulf", "An", "'t Jampens Pol", "Özgür Yıldız", "Jean-Pierre Lemaître", "Bo Li"];
    private static readonly string[] Typed = ["verhov", "lemaitr pie", "brock", "verhoven", "vehroeven maria", "vandenbroeck", "van den broek jan", "dhont", "wynants thys", "wijnants", "ysbrand", "an", "jampens", "ozgur yildz", "lemaitre jean", "li bo", "ridder", "deridder paul", "zzz", "maria verhoeven maria", "mariaverhoeven"];

    [Fact]
    public void What_matches_is_never_ruled_out()
    {
        foreach (var typed in Typed)
        {
            var folded = NameFolding.Fold(typed);
            var sieve = new NameSieve(folded);
            foreach (var name in Names.Select(n => NameFolding.Fold(n)))
            {
                if (NameFolding.Match(folded, name) > 0)
                    Assert.True(sieve.MayMatch(name), $"{typed} / {name}");
            }
        }
    }

    [Fact]
    public void Most_others_are_ruled_out() =>
        Assert.True(Names.Count(n => new NameSieve("verhoeven").MayMatch(NameFolding.Fold(n))) <= 2);
}
