/**
 * The numbers of fields in protobuf, which kubectl and helm write built-in kinds in: pod templates and metadata.
 *
 * `1<Part`: the fields of a part that stands inline in JSON; `2*replicas`: a zero is meant, elsewhere it stands for
 * nothing. Numbers are those of the Kubernetes 1.35 API.
 */
export const POD_PROTOBUF = `
AWSElasticBlockStoreVolumeSource 1volumeID 2fsType 3partition 4readOnly
Affinity 1*nodeAffinity 2*podAffinity 3*podAntiAffinity
AppArmorProfile 1type 2*localhostProfile
AzureDiskVolumeSource 1diskName 2diskURI 3*cachingMode 4*fsType 5*readOnly 6*kind
AzureFileVolumeSource 1secretName 2shareName 3readOnly
CSIVolumeSource 1driver 2*readOnly 3*fsType 4volumeAttributes 5*nodePublishSecretRef
Capabilities 1add 2drop
CephFSVolumeSource 1monitors 2path 3user 4secretFile 5*secretRef 6readOnly
CinderVolumeSource 1volumeID 2fsType 3readOnly 4*secretRef
ClusterTrustBundleProjection 1*name 2*signerName 3*labelSelector 5*optional 4path
ConfigMapEnvSource 1<LocalObjectReference 2*optional
ConfigMapKeySelector 1<LocalObjectReference 2key 3*optional
ConfigMapProjection 1<LocalObjectReference 2items 4*optional
ConfigMapVolumeSource 1<LocalObjectReference 2items 3*defaultMode 4*optional
Container 1name 2image 3command 4args 5workingDir 6ports 19envFrom 7env 8resources 23resizePolicy 24*restartPolicy 25restartPolicyRules 9volumeMounts 21volumeDevices 10*livenessProbe 11*readinessProbe 22*startupProbe 12*lifecycle 13terminationMessagePath 20terminationMessagePolicy 14imagePullPolicy 15*securityContext 16stdin 17stdinOnce 18tty
ContainerPort 1name 2hostPort 3containerPort 4protocol 5hostIP
ContainerResizePolicy 1resourceName 2restartPolicy
ContainerRestartRule 1action 2*exitCodes
ContainerRestartRuleOnExitCodes 1operator 2values
DownwardAPIProjection 1items
DownwardAPIVolumeFile 1path 2*fieldRef 3*resourceFieldRef 4*mode
DownwardAPIVolumeSource 1items 2*defaultMode
EmptyDirVolumeSource 1medium 2*sizeLimit
EnvFromSource 1prefix 2*configMapRef 3*secretRef
EnvVar 1name 2value 3*valueFrom
EnvVarSource 1*fieldRef 2*resourceFieldRef 3*configMapKeyRef 4*secretKeyRef 5*fileKeyRef
EphemeralContainer 1<EphemeralContainerCommon 2targetContainerName
EphemeralContainerCommon 1name 2image 3command 4args 5workingDir 6ports 19envFrom 7env 8resources 23resizePolicy 24*restartPolicy 25restartPolicyRules 9volumeMounts 21volumeDevices 10*livenessProbe 11*readinessProbe 22*startupProbe 12*lifecycle 13terminationMessagePath 20terminationMessagePolicy 14imagePullPolicy 15*securityContext 16stdin 17stdinOnce 18tty
EphemeralVolumeSource 1*volumeClaimTemplate
ExecAction 1command
FCVolumeSource 1targetWWNs 2*lun 3fsType 4readOnly 5wwids
FileKeySelector 1volumeName 2path 3key 4*optional
FlexVolumeSource 1driver 2fsType 3*secretRef 4readOnly 5options
FlockerVolumeSource 1datasetName 2datasetUUID
GCEPersistentDiskVolumeSource 1pdName 2fsType 3partition 4readOnly
GRPCAction 1port 2*service
GitRepoVolumeSource 1repository 2revision 3directory
GlusterfsVolumeSource 1endpoints 2path 3readOnly
HTTPGetAction 1path 2port 3host 4scheme 5httpHeaders
HTTPHeader 1name 2value
HostAlias 1ip 2hostnames
HostPathVolumeSource 1path 2*type
ISCSIVolumeSource 1targetPortal 2iqn 3lun 4iscsiInterface 5fsType 6readOnly 7portals 8chapAuthDiscovery 11chapAuthSession 10*secretRef 12*initiatorName
ImageVolumeSource 1reference 2pullPolicy
KeyToPath 1key 2path 3*mode
LabelSelector 1matchLabels 2matchExpressions
LabelSelectorRequirement 1key 2operator 3values
Lifecycle 1*postStart 2*preStop 3*stopSignal
LifecycleHandler 1*exec 2*httpGet 3*tcpSocket 4*sleep
LocalObjectReference 1name
ManagedFieldsEntry 1manager 2operation 3apiVersion 4*time 6fieldsType 7*fieldsV1 8subresource
NFSVolumeSource 1server 2path 3readOnly
NodeAffinity 1*requiredDuringSchedulingIgnoredDuringExecution 2preferredDuringSchedulingIgnoredDuringExecution
NodeSelector 1nodeSelectorTerms
NodeSelectorRequirement 1key 2operator 3values
NodeSelectorTerm 1matchExpressions 2matchFields
ObjectFieldSelector 1apiVersion 2fieldPath
ObjectMeta 1name 2generateName 3namespace 4selfLink 5uid 6resourceVersion 7generation 8creationTimestamp 9*deletionTimestamp 10*deletionGracePeriodSeconds 11labels 12annotations 13ownerReferences 14finalizers 17managedFields
OwnerReference 5apiVersion 1kind 3name 4uid 6*controller 7*blockOwnerDeletion
PersistentVolumeClaimSpec 1accessModes 4*selector 2resources 3volumeName 5*storageClassName 6*volumeMode 7*dataSource 8*dataSourceRef 9*volumeAttributesClassName
PersistentVolumeClaimTemplate 1metadata 2spec
PersistentVolumeClaimVolumeSource 1claimName 2readOnly
PhotonPersistentDiskVolumeSource 1pdID 2fsType
PodAffinity 1requiredDuringSchedulingIgnoredDuringExecution 2preferredDuringSchedulingIgnoredDuringExecution
PodAffinityTerm 1*labelSelector 2namespaces 3topologyKey 4*namespaceSelector 5matchLabelKeys 6mismatchLabelKeys
PodAntiAffinity 1requiredDuringSchedulingIgnoredDuringExecution 2preferredDuringSchedulingIgnoredDuringExecution
PodCertificateProjection 1signerName 2keyType 3*maxExpirationSeconds 4credentialBundlePath 5keyPath 6certificateChainPath 7userAnnotations
PodDNSConfig 1nameservers 2searches 3options
PodDNSConfigOption 1name 2*value
PodOS 1name
PodReadinessGate 1conditionType
PodResourceClaim 1name 3*resourceClaimName 4*resourceClaimTemplateName
PodSchedulingGate 1name
PodSecurityContext 1*seLinuxOptions 8*windowsOptions 2*runAsUser 6*runAsGroup 3*runAsNonRoot 4supplementalGroups 12*supplementalGroupsPolicy 5*fsGroup 7sysctls 9*fsGroupChangePolicy 10*seccompProfile 11*appArmorProfile 13*seLinuxChangePolicy
PodSpec 1volumes 20initContainers 2containers 34ephemeralContainers 3restartPolicy 4*terminationGracePeriodSeconds 5*activeDeadlineSeconds 6dnsPolicy 7nodeSelector 8serviceAccountName 9serviceAccount 21*automountServiceAccountToken 10nodeName 11hostNetwork 12hostPID 13hostIPC 27*shareProcessNamespace 14*securityContext 15imagePullSecrets 16hostname 17subdomain 18*affinity 19schedulerName 22tolerations 23hostAliases 24priorityClassName 25*priority 26*dnsConfig 28readinessGates 29*runtimeClassName 30*enableServiceLinks 31*preemptionPolicy 32overhead 33topologySpreadConstraints 35*setHostnameAsFQDN 36*os 37*hostUsers 38schedulingGates 39resourceClaims 40*resources 41*hostnameOverride 42*workloadRef
PodTemplateSpec 1metadata 2spec
PortworxVolumeSource 1volumeID 2fsType 3readOnly
PreferredSchedulingTerm 1weight 2preference
Probe 1<ProbeHandler 2initialDelaySeconds 3timeoutSeconds 4periodSeconds 5successThreshold 6failureThreshold 7*terminationGracePeriodSeconds
ProbeHandler 1*exec 2*httpGet 3*tcpSocket 4*grpc
ProjectedVolumeSource 1sources 2*defaultMode
QuobyteVolumeSource 1registry 2volume 3readOnly 4user 5group 6tenant
RBDVolumeSource 1monitors 2image 3fsType 4pool 5user 6keyring 7*secretRef 8readOnly
ResourceClaim 1name 2request
ResourceFieldSelector 1containerName 2resource 3divisor
ResourceRequirements 1limits 2requests 3claims
SELinuxOptions 1user 2role 3type 4level
ScaleIOVolumeSource 1gateway 2system 3*secretRef 4sslEnabled 5protectionDomain 6storagePool 7storageMode 8volumeName 9fsType 10readOnly
SeccompProfile 1type 2*localhostProfile
SecretEnvSource 1<LocalObjectReference 2*optional
SecretKeySelector 1<LocalObjectReference 2key 3*optional
SecretProjection 1<LocalObjectReference 2items 4*optional
SecretVolumeSource 1secretName 2items 3*defaultMode 4*optional
SecurityContext 1*capabilities 2*privileged 3*seLinuxOptions 10*windowsOptions 4*runAsUser 8*runAsGroup 5*runAsNonRoot 6*readOnlyRootFilesystem 7*allowPrivilegeEscalation 9*procMount 11*seccompProfile 12*appArmorProfile
ServiceAccountTokenProjection 1audience 2*expirationSeconds 3path
SleepAction 1seconds
StorageOSVolumeSource 1volumeName 2volumeNamespace 3fsType 4readOnly 5*secretRef
Sysctl 1name 2value
TCPSocketAction 1port 2host
Toleration 1key 2operator 3value 4effect 5*tolerationSeconds
TopologySpreadConstraint 1maxSkew 2topologyKey 3whenUnsatisfiable 4*labelSelector 5*minDomains 6*nodeAffinityPolicy 7*nodeTaintsPolicy 8matchLabelKeys
TypedLocalObjectReference 1*apiGroup 2kind 3name
TypedObjectReference 1*apiGroup 2kind 3name 4*namespace
Volume 1name 2<VolumeSource
VolumeDevice 1name 2devicePath
VolumeMount 1name 2readOnly 7*recursiveReadOnly 3mountPath 4subPath 5*mountPropagation 6subPathExpr
VolumeProjection 1*secret 2*downwardAPI 3*configMap 4*serviceAccountToken 5*clusterTrustBundle 6*podCertificate
VolumeResourceRequirements 1limits 2requests
VolumeSource 1*hostPath 2*emptyDir 3*gcePersistentDisk 4*awsElasticBlockStore 5*gitRepo 6*secret 7*nfs 8*iscsi 9*glusterfs 10*persistentVolumeClaim 11*rbd 12*flexVolume 13*cinder 14*cephfs 15*flocker 16*downwardAPI 17*fc 18*azureFile 19*configMap 20*vsphereVolume 21*quobyte 22*azureDisk 23*photonPersistentDisk 26*projected 24*portworxVolume 25*scaleIO 27*storageos 28*csi 29*ephemeral 30*image
VsphereVirtualDiskVolumeSource 1volumePath 2fsType 3storagePolicyName 4storagePolicyID
WeightedPodAffinityTerm 1weight 2podAffinityTerm
WindowsSecurityContextOptions 1*gmsaCredentialSpecName 2*gmsaCredentialSpec 3*runAsUserName 4*hostProcess
WorkloadReference 1name 2podGroup 3podGroupReplicaKey
`;
