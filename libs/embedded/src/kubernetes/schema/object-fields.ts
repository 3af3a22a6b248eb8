/**
 * What may stand in the built-in kinds, apart from pod templates.
 *
 * One definition a line, then its fields. `*` required; `[T]` a list replaced as a whole, `[T]@key+key` merged by keys,
 * `[T]@=` a set; `{T}` a map; `!` replaced as a whole. Field names and keys are those which the Kubernetes 1.35 API
 * publishes in its OpenAPI documents.
 */
export const OBJECT_FIELDS = `
AggregationRule clusterRoleSelectors:[LabelSelector]
AttachedVolume devicePath*:string name*:string
ClientIPConfig timeoutSeconds:integer
ClusterRole aggregationRule:AggregationRule apiVersion:string kind:string metadata:ObjectMeta rules:[PolicyRule]
ClusterRoleBinding apiVersion:string kind:string metadata:ObjectMeta roleRef*:RoleRef subjects:[Subject]
Condition lastTransitionTime*:time message*:string observedGeneration:integer reason*:string status*:string type*:string
ConfigMap apiVersion:string binaryData:{base64} data:{string} immutable:boolean kind:string metadata:ObjectMeta
ConfigMapNodeConfigSource kubeletConfigKey*:string name*:string namespace*:string resourceVersion:string uid:string
ContainerExtendedResourceRequest containerName*:string requestName*:string resourceName*:string
ContainerImage names:[string] sizeBytes:integer
ContainerResourceMetricSource container*:string name*:string target*:MetricTarget
ContainerResourceMetricStatus container*:string current*:MetricValueStatus name*:string
ContainerState running:ContainerStateRunning terminated:ContainerStateTerminated waiting:ContainerStateWaiting
ContainerStateRunning startedAt:time
ContainerStateTerminated containerID:string exitCode*:integer finishedAt:time message:string reason:string signal:integer startedAt:time
ContainerStateWaiting message:string reason:string
ContainerStatus allocatedResources:{quantity} allocatedResourcesStatus:[ResourceStatus]@name containerID:string image*:string imageID*:string lastState:ContainerState name*:string ready*:boolean resources:ResourceRequirements restartCount*:integer started:boolean state:ContainerState stopSignal:string user:ContainerUser volumeMounts:[VolumeMountStatus]@mountPath
ContainerUser linux:LinuxContainerUser
ControllerRevision apiVersion:string data:any kind:string metadata:ObjectMeta revision*:integer
CoreEndpointPort! appProtocol:string name:string port*:integer protocol:string
CronJob apiVersion:string kind:string metadata:ObjectMeta spec:CronJobSpec status:CronJobStatus
CronJobSpec concurrencyPolicy:string failedJobsHistoryLimit:integer jobTemplate*:JobTemplateSpec schedule*:string startingDeadlineSeconds:integer successfulJobsHistoryLimit:integer suspend:boolean timeZone:string
CronJobStatus active:[ObjectReference] lastScheduleTime:time lastSuccessfulTime:time
CrossVersionObjectReference apiVersion:string kind*:string name*:string
CustomResourceColumnDefinition description:string format:string jsonPath*:string name*:string priority:integer type*:string
CustomResourceConversion strategy*:string webhook:WebhookConversion
CustomResourceDefinition apiVersion:string kind:string metadata:ObjectMeta spec*:CustomResourceDefinitionSpec status:CustomResourceDefinitionStatus
CustomResourceDefinitionCondition lastTransitionTime:time message:string observedGeneration:integer reason:string status*:string type*:string
CustomResourceDefinitionNames categories:[string] kind*:string listKind:string plural*:string shortNames:[string] singular:string
CustomResourceDefinitionSpec conversion:CustomResourceConversion group*:string names*:CustomResourceDefinitionNames preserveUnknownFields:boolean scope*:string versions*:[CustomResourceDefinitionVersion]
CustomResourceDefinitionStatus acceptedNames:CustomResourceDefinitionNames conditions:[CustomResourceDefinitionCondition]@type observedGeneration:integer storedVersions:[string]
CustomResourceDefinitionVersion additionalPrinterColumns:[CustomResourceColumnDefinition] deprecated:boolean deprecationWarning:string name*:string schema:CustomResourceValidation selectableFields:[SelectableField] served*:boolean storage*:boolean subresources:CustomResourceSubresources
CustomResourceSubresourceScale labelSelectorPath:string specReplicasPath*:string statusReplicasPath*:string
CustomResourceSubresources scale:CustomResourceSubresourceScale status:any
CustomResourceValidation openAPIV3Schema:JSONSchemaProps
DaemonEndpoint Port*:integer
DaemonSet apiVersion:string kind:string metadata:ObjectMeta spec:DaemonSetSpec status:DaemonSetStatus
DaemonSetCondition lastTransitionTime:time message:string reason:string status*:string type*:string
DaemonSetSpec minReadySeconds:integer revisionHistoryLimit:integer selector*:LabelSelector template*:PodTemplateSpec updateStrategy:DaemonSetUpdateStrategy
DaemonSetStatus collisionCount:integer conditions:[DaemonSetCondition]@type currentNumberScheduled*:integer desiredNumberScheduled*:integer numberAvailable:integer numberMisscheduled*:integer numberReady*:integer numberUnavailable:integer observedGeneration:integer updatedNumberScheduled:integer
DaemonSetUpdateStrategy rollingUpdate:RollingUpdateDaemonSet type:string
DeleteOptions apiVersion:string dryRun:[string] gracePeriodSeconds:integer ignoreStoreReadErrorWithClusterBreakingPotential:boolean kind:string orphanDependents:boolean preconditions:Preconditions propagationPolicy:string
Deployment apiVersion:string kind:string metadata:ObjectMeta spec:DeploymentSpec status:DeploymentStatus
DeploymentCondition lastTransitionTime:time lastUpdateTime:time message:string reason:string status*:string type*:string
DeploymentSpec minReadySeconds:integer paused:boolean progressDeadlineSeconds:integer replicas:integer revisionHistoryLimit:integer selector*:LabelSelector strategy:DeploymentStrategy template*:PodTemplateSpec
DeploymentStatus availableReplicas:integer collisionCount:integer conditions:[DeploymentCondition]@type observedGeneration:integer readyReplicas:integer replicas:integer terminatingReplicas:integer unavailableReplicas:integer updatedReplicas:integer
DeploymentStrategy rollingUpdate:RollingUpdateDeployment type:string
Endpoint addresses*:[string]@= conditions:EndpointConditions deprecatedTopology:{string} hints:EndpointHints hostname:string nodeName:string targetRef:ObjectReference zone:string
EndpointAddress! hostname:string ip*:string nodeName:string targetRef:ObjectReference
EndpointConditions ready:boolean serving:boolean terminating:boolean
EndpointHints forNodes:[ForNode] forZones:[ForZone]
EndpointPort! appProtocol:string name:string port:integer protocol:string
EndpointSlice addressType*:string apiVersion:string endpoints*:[Endpoint] kind:string metadata:ObjectMeta ports:[EndpointPort]
EndpointSubset addresses:[EndpointAddress] notReadyAddresses:[EndpointAddress] ports:[CoreEndpointPort]
Endpoints apiVersion:string kind:string metadata:ObjectMeta subsets:[EndpointSubset]
Event action:string apiVersion:string count:integer eventTime:time firstTimestamp:time involvedObject*:ObjectReference kind:string lastTimestamp:time message:string metadata*:ObjectMeta reason:string related:ObjectReference reportingComponent:string reportingInstance:string series:EventSeries source:EventSource type:string
EventSeries count:integer lastObservedTime:time
EventSource component:string host:string
ExternalDocumentation description:string url:string
ExternalMetricSource metric*:MetricIdentifier target*:MetricTarget
ExternalMetricStatus current*:MetricValueStatus metric*:MetricIdentifier
FieldSelectorAttributes rawSelector:string requirements:[FieldSelectorRequirement]
FieldSelectorRequirement key*:string operator*:string values:[string]
ForNode name*:string
ForZone name*:string
HPAScalingPolicy periodSeconds*:integer type*:string value*:integer
HPAScalingRules policies:[HPAScalingPolicy] selectPolicy:string stabilizationWindowSeconds:integer tolerance:quantity
HTTPIngressPath backend*:IngressBackend path:string pathType*:string
HTTPIngressRuleValue paths*:[HTTPIngressPath]
HorizontalPodAutoscaler apiVersion:string kind:string metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec status:HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerBehavior scaleDown:HPAScalingRules scaleUp:HPAScalingRules
HorizontalPodAutoscalerCondition lastTransitionTime:time message:string reason:string status*:string type*:string
HorizontalPodAutoscalerSpec behavior:HorizontalPodAutoscalerBehavior maxReplicas*:integer metrics:[MetricSpec] minReplicas:integer scaleTargetRef*:CrossVersionObjectReference
HorizontalPodAutoscalerStatus conditions:[HorizontalPodAutoscalerCondition]@type currentMetrics:[MetricStatus] currentReplicas:integer desiredReplicas*:integer lastScaleTime:time observedGeneration:integer
HostIP ip*:string
IPBlock cidr*:string except:[string]
Ingress apiVersion:string kind:string metadata:ObjectMeta spec:IngressSpec status:IngressStatus
IngressBackend resource:TypedLocalObjectReference service:IngressServiceBackend
IngressLoadBalancerIngress hostname:string ip:string ports:[IngressPortStatus]
IngressLoadBalancerStatus ingress:[IngressLoadBalancerIngress]
IngressPortStatus error:string port*:integer protocol*:string
IngressRule host:string http:HTTPIngressRuleValue
IngressServiceBackend name*:string port:ServiceBackendPort
IngressSpec defaultBackend:IngressBackend ingressClassName:string rules:[IngressRule] tls:[IngressTLS]
IngressStatus loadBalancer:IngressLoadBalancerStatus
IngressTLS hosts:[string] secretName:string
JSONSchemaProps $ref:string $schema:string additionalItems:any additionalProperties:any allOf:[JSONSchemaProps] anyOf:[JSONSchemaProps] default:any definitions:{JSONSchemaProps} dependencies:{any} description:string enum:[any] example:any exclusiveMaximum:boolean exclusiveMinimum:boolean externalDocs:ExternalDocumentation format:string id:string items:any maxItems:integer maxLength:integer maxProperties:integer maximum:number minItems:integer minLength:integer minProperties:integer minimum:number multipleOf:number not:JSONSchemaProps nullable:boolean oneOf:[JSONSchemaProps] pattern:string patternProperties:{JSONSchemaProps} properties:{JSONSchemaProps} required:[string] title:string type:string uniqueItems:boolean x-kubernetes-embedded-resource:boolean x-kubernetes-int-or-string:boolean x-kubernetes-list-map-keys:[string] x-kubernetes-list-type:string x-kubernetes-map-type:string x-kubernetes-preserve-unknown-fields:boolean x-kubernetes-validations:[ValidationRule]@rule
Job apiVersion:string kind:string metadata:ObjectMeta spec:JobSpec status:JobStatus
JobCondition lastProbeTime:time lastTransitionTime:time message:string reason:string status*:string type*:string
JobSpec activeDeadlineSeconds:integer backoffLimit:integer backoffLimitPerIndex:integer completionMode:string completions:integer managedBy:string manualSelector:boolean maxFailedIndexes:integer parallelism:integer podFailurePolicy:PodFailurePolicy podReplacementPolicy:string selector:LabelSelector successPolicy:SuccessPolicy suspend:boolean template*:PodTemplateSpec ttlSecondsAfterFinished:integer
JobStatus active:integer completedIndexes:string completionTime:time conditions:[JobCondition]@type failed:integer failedIndexes:string ready:integer startTime:time succeeded:integer terminating:integer uncountedTerminatedPods:UncountedTerminatedPods
JobTemplateSpec metadata:ObjectMeta spec:JobSpec
LabelSelectorAttributes rawSelector:string requirements:[LabelSelectorRequirement]
Lease apiVersion:string kind:string metadata:ObjectMeta spec:LeaseSpec
LeaseSpec acquireTime:time holderIdentity:string leaseDurationSeconds:integer leaseTransitions:integer preferredHolder:string renewTime:time strategy:string
LinuxContainerUser gid*:integer supplementalGroups:[integer] uid*:integer
LoadBalancerIngress hostname:string ip:string ipMode:string ports:[PortStatus]
LoadBalancerStatus ingress:[LoadBalancerIngress]
MetricIdentifier name*:string selector:LabelSelector
MetricSpec containerResource:ContainerResourceMetricSource external:ExternalMetricSource object:ObjectMetricSource pods:PodsMetricSource resource:ResourceMetricSource type*:string
MetricStatus containerResource:ContainerResourceMetricStatus external:ExternalMetricStatus object:ObjectMetricStatus pods:PodsMetricStatus resource:ResourceMetricStatus type*:string
MetricTarget averageUtilization:integer averageValue:quantity type*:string value:quantity
MetricValueStatus averageUtilization:integer averageValue:quantity value:quantity
ModifyVolumeStatus status*:string targetVolumeAttributesClassName:string
Namespace apiVersion:string kind:string metadata:ObjectMeta spec:NamespaceSpec status:NamespaceStatus
NamespaceCondition lastTransitionTime:time message:string reason:string status*:string type*:string
NamespaceSpec finalizers:[string]
NamespaceStatus conditions:[NamespaceCondition]@type phase:string
NetworkPolicy apiVersion:string kind:string metadata:ObjectMeta spec:NetworkPolicySpec
NetworkPolicyEgressRule ports:[NetworkPolicyPort] to:[NetworkPolicyPeer]
NetworkPolicyIngressRule from:[NetworkPolicyPeer] ports:[NetworkPolicyPort]
NetworkPolicyPeer ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector
NetworkPolicyPort endPort:integer port:intOrString protocol:string
NetworkPolicySpec egress:[NetworkPolicyEgressRule] ingress:[NetworkPolicyIngressRule] podSelector:LabelSelector policyTypes:[string]
Node apiVersion:string kind:string metadata:ObjectMeta spec:NodeSpec status:NodeStatus
NodeAddress address*:string type*:string
NodeCondition lastHeartbeatTime:time lastTransitionTime:time message:string reason:string status*:string type*:string
NodeConfigSource configMap:ConfigMapNodeConfigSource
NodeConfigStatus active:NodeConfigSource assigned:NodeConfigSource error:string lastKnownGood:NodeConfigSource
NodeDaemonEndpoints kubeletEndpoint:DaemonEndpoint
NodeFeatures supplementalGroupsPolicy:boolean
NodeRuntimeHandler features:NodeRuntimeHandlerFeatures name:string
NodeRuntimeHandlerFeatures recursiveReadOnlyMounts:boolean userNamespaces:boolean
NodeSpec configSource:NodeConfigSource externalID:string podCIDR:string podCIDRs:[string]@= providerID:string taints:[Taint] unschedulable:boolean
NodeStatus addresses:[NodeAddress]@type allocatable:{quantity} capacity:{quantity} conditions:[NodeCondition]@type config:NodeConfigStatus daemonEndpoints:NodeDaemonEndpoints declaredFeatures:[string] features:NodeFeatures images:[ContainerImage] nodeInfo:NodeSystemInfo phase:string runtimeHandlers:[NodeRuntimeHandler] volumesAttached:[AttachedVolume] volumesInUse:[string]
NodeSwapStatus capacity:integer
NodeSystemInfo architecture*:string bootID*:string containerRuntimeVersion*:string kernelVersion*:string kubeProxyVersion*:string kubeletVersion*:string machineID*:string operatingSystem*:string osImage*:string swap:NodeSwapStatus systemUUID*:string
NonResourceAttributes path:string verb:string
ObjectMetricSource describedObject*:CrossVersionObjectReference metric*:MetricIdentifier target*:MetricTarget
ObjectMetricStatus current*:MetricValueStatus describedObject*:CrossVersionObjectReference metric*:MetricIdentifier
ObjectReference! apiVersion:string fieldPath:string kind:string name:string namespace:string resourceVersion:string uid:string
PersistentVolumeClaim apiVersion:string kind:string metadata:ObjectMeta spec:PersistentVolumeClaimSpec status:PersistentVolumeClaimStatus
PersistentVolumeClaimCondition lastProbeTime:time lastTransitionTime:time message:string reason:string status*:string type*:string
PersistentVolumeClaimStatus accessModes:[string] allocatedResourceStatuses:{string} allocatedResources:{quantity} capacity:{quantity} conditions:[PersistentVolumeClaimCondition]@type currentVolumeAttributesClassName:string modifyVolumeStatus:ModifyVolumeStatus phase:string
Pod apiVersion:string kind:string metadata:ObjectMeta spec:PodSpec status:PodStatus
PodCondition lastProbeTime:time lastTransitionTime:time message:string observedGeneration:integer reason:string status*:string type*:string
PodDisruptionBudget apiVersion:string kind:string metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:PodDisruptionBudgetStatus
PodDisruptionBudgetSpec maxUnavailable:intOrString minAvailable:intOrString selector:LabelSelector unhealthyPodEvictionPolicy:string
PodDisruptionBudgetStatus conditions:[Condition]@type currentHealthy*:integer desiredHealthy*:integer disruptedPods:{time} disruptionsAllowed*:integer expectedPods*:integer observedGeneration:integer
PodExtendedResourceClaimStatus requestMappings*:[ContainerExtendedResourceRequest] resourceClaimName*:string
PodFailurePolicy rules*:[PodFailurePolicyRule]
PodFailurePolicyOnExitCodesRequirement containerName:string operator*:string values*:[integer]@=
PodFailurePolicyOnPodConditionsPattern status:string type*:string
PodFailurePolicyRule action*:string onExitCodes:PodFailurePolicyOnExitCodesRequirement onPodConditions:[PodFailurePolicyOnPodConditionsPattern]
PodIP ip*:string
PodResourceClaimStatus name*:string resourceClaimName:string
PodStatus allocatedResources:{quantity} conditions:[PodCondition]@type containerStatuses:[ContainerStatus] ephemeralContainerStatuses:[ContainerStatus] extendedResourceClaimStatus:PodExtendedResourceClaimStatus hostIP:string hostIPs:[HostIP]@ip initContainerStatuses:[ContainerStatus] message:string nominatedNodeName:string observedGeneration:integer phase:string podIP:string podIPs:[PodIP]@ip qosClass:string reason:string resize:string resourceClaimStatuses:[PodResourceClaimStatus]@name resources:ResourceRequirements startTime:time
PodsMetricSource metric*:MetricIdentifier target*:MetricTarget
PodsMetricStatus current*:MetricValueStatus metric*:MetricIdentifier
PolicyRule apiGroups:[string] nonResourceURLs:[string] resourceNames:[string] resources:[string] verbs*:[string]
PortStatus error:string port*:integer protocol*:string
Preconditions resourceVersion:string uid:string
ReplicaSet apiVersion:string kind:string metadata:ObjectMeta spec:ReplicaSetSpec status:ReplicaSetStatus
ReplicaSetCondition lastTransitionTime:time message:string reason:string status*:string type*:string
ReplicaSetSpec minReadySeconds:integer replicas:integer selector*:LabelSelector template:PodTemplateSpec
ReplicaSetStatus availableReplicas:integer conditions:[ReplicaSetCondition]@type fullyLabeledReplicas:integer observedGeneration:integer readyReplicas:integer replicas*:integer terminatingReplicas:integer
ResourceAttributes fieldSelector:FieldSelectorAttributes group:string labelSelector:LabelSelectorAttributes name:string namespace:string resource:string subresource:string verb:string version:string
ResourceHealth health:string resourceID*:string
ResourceMetricSource name*:string target*:MetricTarget
ResourceMetricStatus current*:MetricValueStatus name*:string
ResourceStatus name*:string resources:[ResourceHealth]@resourceID
Role apiVersion:string kind:string metadata:ObjectMeta rules:[PolicyRule]
RoleBinding apiVersion:string kind:string metadata:ObjectMeta roleRef*:RoleRef subjects:[Subject]
RoleRef! apiGroup*:string kind*:string name*:string
RollingUpdateDaemonSet maxSurge:intOrString maxUnavailable:intOrString
RollingUpdateDeployment maxSurge:intOrString maxUnavailable:intOrString
RollingUpdateStatefulSetStrategy maxUnavailable:intOrString partition:integer
Scale apiVersion:string kind:string metadata:ObjectMeta spec:ScaleSpec status:ScaleStatus
ScaleSpec replicas:integer
ScaleStatus replicas*:integer selector:string
Secret apiVersion:string data:{base64} immutable:boolean kind:string metadata:ObjectMeta stringData:{string} type:string
SelectableField jsonPath*:string
SelfSubjectAccessReview apiVersion:string kind:string metadata:ObjectMeta spec*:SelfSubjectAccessReviewSpec status:SubjectAccessReviewStatus
SelfSubjectAccessReviewSpec nonResourceAttributes:NonResourceAttributes resourceAttributes:ResourceAttributes
Service apiVersion:string kind:string metadata:ObjectMeta spec:ServiceSpec status:ServiceStatus
ServiceAccount apiVersion:string automountServiceAccountToken:boolean imagePullSecrets:[LocalObjectReference] kind:string metadata:ObjectMeta secrets:[ObjectReference]@name
ServiceBackendPort! name:string number:integer
ServicePort appProtocol:string name:string nodePort:integer port*:integer protocol:string targetPort:intOrString
ServiceReference name*:string namespace*:string path:string port:integer
ServiceSpec allocateLoadBalancerNodePorts:boolean clusterIP:string clusterIPs:[string] externalIPs:[string] externalName:string externalTrafficPolicy:string healthCheckNodePort:integer internalTrafficPolicy:string ipFamilies:[string] ipFamilyPolicy:string loadBalancerClass:string loadBalancerIP:string loadBalancerSourceRanges:[string] ports:[ServicePort]@port+protocol publishNotReadyAddresses:boolean selector:{string}! sessionAffinity:string sessionAffinityConfig:SessionAffinityConfig trafficDistribution:string type:string
ServiceStatus conditions:[Condition]@type loadBalancer:LoadBalancerStatus
SessionAffinityConfig clientIP:ClientIPConfig
StatefulSet apiVersion:string kind:string metadata:ObjectMeta spec:StatefulSetSpec status:StatefulSetStatus
StatefulSetCondition lastTransitionTime:time message:string reason:string status*:string type*:string
StatefulSetOrdinals start:integer
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:string whenScaled:string
StatefulSetSpec minReadySeconds:integer ordinals:StatefulSetOrdinals persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy:string replicas:integer revisionHistoryLimit:integer selector*:LabelSelector serviceName:string template*:PodTemplateSpec updateStrategy:StatefulSetUpdateStrategy volumeClaimTemplates:[PersistentVolumeClaim]
StatefulSetStatus availableReplicas:integer collisionCount:integer conditions:[StatefulSetCondition]@type currentReplicas:integer currentRevision:string observedGeneration:integer readyReplicas:integer replicas*:integer updateRevision:string updatedReplicas:integer
StatefulSetUpdateStrategy rollingUpdate:RollingUpdateStatefulSetStrategy type:string
Subject! apiGroup:string kind*:string name*:string namespace:string
SubjectAccessReview apiVersion:string kind:string metadata:ObjectMeta spec*:SubjectAccessReviewSpec status:SubjectAccessReviewStatus
SubjectAccessReviewSpec extra:{[string]} groups:[string] nonResourceAttributes:NonResourceAttributes resourceAttributes:ResourceAttributes uid:string user:string
SubjectAccessReviewStatus allowed*:boolean denied:boolean evaluationError:string reason:string
SuccessPolicy rules*:[SuccessPolicyRule]
SuccessPolicyRule succeededCount:integer succeededIndexes:string
Taint effect*:string key*:string timeAdded:time value:string
UncountedTerminatedPods failed:[string]@= succeeded:[string]@=
ValidationRule fieldPath:string message:string messageExpression:string optionalOldSelf:boolean reason:string rule*:string
VolumeMountStatus mountPath*:string name*:string readOnly:boolean recursiveReadOnly:string
WebhookClientConfig caBundle:base64 service:ServiceReference url:string
WebhookConversion clientConfig:WebhookClientConfig conversionReviewVersions*:[string]
`;
