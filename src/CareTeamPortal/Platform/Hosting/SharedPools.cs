namespace CareTeamPortal.Platform.Hosting;

/// <summary>
/// How many arrays the runtime keeps for reuse. One commit draws hundreds of open pages at the same moment, each with buffers of the same few sizes; of the 32 that are kept per size and
/// processor by default most are thrown away and made anew with every commit, and the collector clears up after them.
/// </summary>
internal static class SharedPools
{
    private const string Setting = "DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION";
    private const string ArraysPerSize = "512"; // what is not used is let go by the runtime itself after a minute

    /// <summary>Takes effect only before the first array is asked for: the first line of the program. Who runs the portal can say another number in the environment.</summary>
    public static void KeepMore()
    {
        if (Environment.GetEnvironmentVariable(Setting) is null)
            Environment.SetEnvironmentVariable(Setting, ArraysPerSize);
    }
}
