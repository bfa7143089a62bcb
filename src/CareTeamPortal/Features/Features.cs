using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Admin;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Demo;
using CareTeamPortal.Features.Examinations;
using CareTeamPortal.Features.Exchange;
using CareTeamPortal.Features.Figures;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Lanes;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Rules;
using CareTeamPortal.Features.Population;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.Ui;

namespace CareTeamPortal.Features;

/// <summary>The features of the portal: one line each.</summary>
internal static class PortalFeatures
{
    /// <summary>Registers use cases and what they need.</summary>
    public static IServiceCollection AddPortalFeatures(this IServiceCollection services) => services
        .AddTimeline()
        .AddTasks()
        .AddHandoffs()
        .AddLanes()
        .AddMeasurements()
        .AddAlerts()
        .AddOutcomes()
        .AddExaminations()
        .AddFigures()
        .AddPathways()
        .AddTemplates()
        .AddGoals()
        .AddMyDay()
        .AddPatients()
        .AddPopulation()
        .AddCareTeams()
        .AddTrust()
        .AddRules()
        .AddAdmin()
        .AddImport()
        .AddDemo()
        .AddExchange();

    /// <summary>Maps hubs and endpoints.</summary>
    public static IEndpointRouteBuilder MapPortalFeatures(this IEndpointRouteBuilder app)
    {
        app.MapHub<PatientHub>("/hubs/patient", o =>
        {
            o.AllowStatefulReconnects = true;
            o.CloseOnAuthenticationExpiration = true; // a token that is over ends what it opened
        });
        app.MapTimeline();
        app.MapPopulation();
        app.MapExchange();
        app.MapDownload();
        return app;
    }

    private static IServiceCollection AddTimeline(this IServiceCollection services) => services
        .AddSingleton<Filing>().AddSingleton<SharedReads>().AddSingleton<SharedRows>()
        .AddSingleton<ReadTimeline>().AddSingleton<ReadArrivals>().AddSingleton<ReadThread>().AddSingleton<ReadAsked>().AddSingleton<ReadHistory>().AddSingleton<BeginVisit>().AddSingleton<MarkSeen>()
        .AddSingleton<AddNote>().AddSingleton<CorrectNote>().AddSingleton<RetractEntry>().AddSingleton<PinEntry>()
        .AddSingleton<SaveDraft>().AddSingleton<ReadDrafts>().AddSingleton<AddAttachment>().AddSingleton<DropAttachment>().AddSingleton<ReadAttachment>();

    private static IServiceCollection AddTasks(this IServiceCollection services) => services
        .AddSingleton<TaskProjection>().AddSingleton<IProjection>(services => services.GetRequiredService<TaskProjection>()).AddSingleton<KeepTaskRows>().AddSingleton<TaskFiling>().AddSingleton<LeavingTasks>().AddSingleton<TaskClock>().AddHostedService<TaskClockService>()
        .AddSingleton<CreateTask>().AddSingleton<MoveTask>().AddSingleton<FinishTask>().AddSingleton<AssignTask>().AddSingleton<AnswerDelegation>().AddSingleton<EditTask>().AddSingleton<TickChecklist>().AddSingleton<LinkTask>().AddSingleton<StopTask>().AddSingleton<ReviseTask>()
        .AddSingleton<ReadTasks>().AddSingleton<ReadTask>().AddSingleton<ReadWorklist>().AddSingleton<ReadNotices>().AddSingleton<CountTasks>().AddSingleton<SavedViews>().AddSingleton<Absences>().AddSingleton<EndMembership>().AddSingleton<ReadOpenOnLeaving>().AddMeEntry(AbsencePage.Entry).AddNavEntry(WorklistPage.Entry)
        .AddSingleton<ReadFinished>().AddSingleton<EnterAbsence>().AddSingleton<ReadTeamAbsences>().AddSingleton<ReadAbsencePlan>()
        .AddShellPart<NoticeBell>(20)
        .AddScoped<TaskWindow>().AddScoped<TaskActions>().AddShellPart<NewTaskButton>(10).AddShellPart<TaskDesk>(10, below: true).AddPaletteSource<TaskPalette>()
        .AddPatientTab(new() { Path = "/tasks", Order = 10, GoKey = 'k', Text = () => TaskWords.Get("Tab"), Count = typeof(TaskCount) });

    private static IServiceCollection AddAlerts(this IServiceCollection services) => services
        .AddSingleton<IProjection, ThresholdProjection>().AddSingleton<AlertClock>().AddHostedService<AlertClockService>()
        .AddSingleton<SetMeasuringPlan>().AddSingleton<AnswerAlert>().AddSingleton<ReadMeasuring>().AddSingleton<ReadAlert>();

    private static IServiceCollection AddGoals(this IServiceCollection services) => services
        .AddSingleton<IProjection, GoalProjection>().AddSingleton<GoalFiling>().AddSingleton<SetGoal>().AddSingleton<KeepGoal>().AddSingleton<MoveGoal>().AddSingleton<WriteOwnWords>().AddSingleton<ReadPlan>().AddSingleton<SettleServant>().AddSingleton<AnswerSuggestion>()
        .AddPatientTab(new() { Path = "/plan", Order = 20, GoKey = 'z', Text = () => GoalPhrases.Get("Tab") });

    private static IServiceCollection AddPathways(this IServiceCollection services) => services.AddSingleton<IProjection, PathwayProjection>().AddSingleton<PathwayFiling>()
        .AddSingleton<StartPathway>().AddSingleton<ReadStart>().AddSingleton<ReadPathways>()
        .AddSingleton<KeepTemplate>().AddSingleton<MovePhase>().AddSingleton<DeviateStep>().AddSingleton<AddStep>().AddSingleton<TellStep>().AddSingleton<EndPathway>().AddSingleton<TakeNewVersion>().AddSingleton<ReadNewVersion>().AddSingleton<ReadPathwayOverview>()
        .AddPatientTab(new() { Path = "/pathways", Order = 15, Text = () => PathwayWords.Get("Tab") });

    private static IServiceCollection AddTemplates(this IServiceCollection services) => services.AddSingleton<TemplateLibrary>().AddSingleton<SeedTemplates>()
        .AddSingleton<ReadTemplates>().AddSingleton<ReadTemplate>().AddSingleton<SaveTemplateDraft>().AddSingleton<DropTemplateDraft>().AddSingleton<PublishTemplate>().AddSingleton<RetireTemplate>()
        .AddNavEntry(PathwaysPage.Entry);

    private static IServiceCollection AddFigures(this IServiceCollection services) => services.AddSingleton<ReadFigures>().AddNavEntry(FiguresPage.Nav);

    private static IServiceCollection AddExaminations(this IServiceCollection services) => services.AddSingleton<FindRecentResult>().AddSingleton<AvoidExamination>();

    private static IServiceCollection AddOutcomes(this IServiceCollection services) => services
        .AddSingleton<IProjection, OutcomeProjection>().AddSingleton<SeedQuestionnaires>().AddSingleton<RaiseReported>().AddSingleton<RaiseAlert>().AddSingleton<IBundleRule, AlertBundleRule>().AddSingleton<ReadWorse>().AddSingleton<ReportWorse>()
        .AddSingleton<ReadQuestionnaire>().AddSingleton<FillInQuestionnaire>().AddSingleton<CorrectAnswers>().AddSingleton<ReadOutcomes>()
        .AddPatientTab(new() { Path = "/outcomes", Order = 45, GoKey = 'u', Text = () => OutcomeWords.Get("Tab") });

    private static IServiceCollection AddHandoffs(this IServiceCollection services) => services
        .AddSingleton<OfferHandoff>().AddSingleton<OfferDraft>().AddSingleton<OpenHandoff>().AddSingleton<AskClarification>().AddSingleton<AnswerClarification>().AddSingleton<AcknowledgeNews>()
        .AddSingleton<AcceptHandoff>().AddSingleton<DeclineHandoff>().AddSingleton<WithdrawHandoff>().AddSingleton<EndHandoff>().AddSingleton<ReadHandoff>()
        .AddSingleton<PrefillHandoff>().AddSingleton<ReadReceivers>().AddSingleton<ReadHandoffs>()
        .AddNavEntry(HandoffsPage.Nav);

    private static IServiceCollection AddLanes(this IServiceCollection services) => services.AddSingleton<ReadLanes>()
        .AddPatientTab(new() { Path = "/lanes", Order = 5, GoKey = 'l', Text = () => LanesText.Get("Tab") });

    private static IServiceCollection AddMeasurements(this IServiceCollection services) => services
        .AddSingleton<AddMeasurements>().AddSingleton<CorrectMeasurement>().AddSingleton<ReadMeasurements>().AddSingleton<ReadNews2>().AddSingleton<ReadScalePeriods>().AddSingleton<SetSaturationScale>().AddSingleton<IBundleRule, SaturationScaleBundleRule>()
        .AddPatientTab(new() { Path = "/measurements", Order = 40, GoKey = 'm', Text = () => BannerWords.Get("Tab.Measurements") });

    private static IServiceCollection AddMyDay(this IServiceCollection services) => services.AddSingleton<ReadMyDay>().AddSingleton<ReadHomeDay>().AddSingleton<ReportObservation>().AddSingleton<ShareOwnLoad>().AddSingleton<ReadLoadShare>().AddSingleton<ReadSharedLoads>().AddSingleton<KeepOwnLoad>().AddSingleton<ReadOwnLoad>().AddSingleton<ReadWholeFile>()
        .AddNavEntries(MyDayPage.Nav);

    private static IServiceCollection AddPatients(this IServiceCollection services) => services.AddSingleton<ReadBanner>().AddSingleton<RevealInsz>().AddSingleton<ReadPatients>()
        .AddNavEntry(PatientsPage.Nav).AddPaletteSource<PatientPalette>()
        .AddPatientTab(new() { Path = "", Order = 0, GoKey = 't', Text = () => BannerWords.Get("Tab.Timeline") });

    private static IServiceCollection AddPopulation(this IServiceCollection services) => services.AddSingleton<PopulationBook>().AddSingleton<ReadPopulation>().AddSingleton<ReadCoordination>()
        .AddNavEntry(PopulationDesk.Entry)
        .AddPatientTab(new() { Path = "/coordination", Order = 0, Text = () => PopulationText.Get("Coordination"), For = TabFor.Coordination });

    private static IServiceCollection AddCareTeams(this IServiceCollection services) => services.AddSingleton<ReadTeam>().AddSingleton<SetCoordinator>().AddSingleton<ReadTeamRights>().AddSingleton<FindInvitees>().AddSingleton<KeepOwnContact>().AddMeEntry(ContactPage.Entry).AddSingleton<InviteMember>().AddSingleton<TakeInvitationBack>()
        .AddPatientTab(new() { Path = "/team", Order = 80, For = TabFor.Everyone, Text = () => CareTeamsText.Get("Tab") });

    private static IServiceCollection AddTrust(this IServiceCollection services) => services.AddSingleton<ReadAudit>()
        .AddSingleton<KeepRights>().AddSingleton<TrustClock>().AddHostedService<TrustClockService>()
        .AddSingleton<DecideSharing>().AddSingleton<WithdrawDecision>().AddSingleton<ReadSharing>().AddSingleton<ReadRelations>().AddSingleton<RenewRelation>().AddSingleton<EndRelation>()
        .AddSingleton<BreakGlass>().AddSingleton<ReviewBrokenGlass>()
        .AddSingleton<ReadWhoLooked>().AddSingleton<ReadOwnAccess>().AddSingleton<ContestAccess>().AddSingleton<SettleContest>().AddSingleton<ReadContests>().AddSingleton<AnswerContests>()
        .AddSingleton<OpenInEmergency>().AddSingleton<EndEmergency>()
        .AddNavEntry(ContestsPage.Nav).AddNavEntry(AuditPage.Nav).AddNavEntry(OwnAccessPage.Nav).AddNavEntry(GlassReviewsPage.Nav)
        .AddPatientTab(new() { Path = "/access", Order = 90, Text = () => AccessWords.Get("Tab") });

    private static IServiceCollection AddRules(this IServiceCollection services) => services
        .AddSingleton<SeedRules>().AddSingleton<ReadRules>().AddSingleton<CompareRules>().AddSingleton<SaveRuleDraft>().AddSingleton<RenewRuleDraft>().AddSingleton<ProposeRules>().AddSingleton<TakeBackRules>().AddSingleton<ApproveRules>().AddSingleton<RuleNews>().AddSingleton<SettleRules>().AddSingleton<ViewFileAs>()
        .AddNavEntry(RulesPage.NavItem).AddMeEntry(RulesPage.Entry);

    private static IServiceCollection AddAdmin(this IServiceCollection services) => services.AddSingleton<ReadPeople>().AddSingleton<KeepPerson>().AddSingleton<LinkAccount>().AddSingleton<Deactivate>().AddSingleton<RenameOrganisation>()
        .AddNavEntry(AdminPage.Nav);

    private static IServiceCollection AddImport(this IServiceCollection services) => services.AddSingleton<TakeIn>().AddSingleton<ImportFiles>();

    private static IServiceCollection AddDemo(this IServiceCollection services) => services.AddSingleton<LoadDemo>().AddSingleton<Platform.SignIn.IDemoAccounts, DemoAccounts>();
}
