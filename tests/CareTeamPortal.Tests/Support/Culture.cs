using System.Runtime.CompilerServices;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Tests.Support;

/// <summary>The program speaks Belgian Dutch on every thread (Program.cs); so do its tests, in whatever order they run.</summary>
internal static class Culture
{
    [ModuleInitializer]
    internal static void SpeakDutch() => BelgianTime.UseAsDefault();
}
