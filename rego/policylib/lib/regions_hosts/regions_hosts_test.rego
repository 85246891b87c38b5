package policylib.lib.regions_hosts_test

import rego.v1

import data.policylib.lib.regions_hosts

test_hosts_that_name_their_region if {
	every host, region in {
		"s3.eu-west-1.amazonaws.com": "eu-west-1",
		"bucket.s3.eu-west-1.amazonaws.com": "eu-west-1",
		"us-east-1.s3.eu-west-1.amazonaws.com": "eu-west-1",
		"s3.dualstack.eu-west-1.amazonaws.com": "eu-west-1",
		"s3-eu-west-1.amazonaws.com": "eu-west-1",
		"bucket.s3-website-eu-west-1.amazonaws.com": "eu-west-1",
		"s3.cn-north-1.amazonaws.com.cn": "cn-north-1",
		"s3.eusc-de-east-1.amazonaws.eu": "eusc-de-east-1",
		"s3.eu-west-1.api.aws": "eu-west-1",
		"db.abc.eu-west-1.rds.amazonaws.com": "eu-west-1",
		"lb-1.eu-west-1.elb.amazonaws.com": "eu-west-1",
		"lb-1.elb.eu-west-1.amazonaws.com": "eu-west-1",
		"logs.eu-west-1.es.amazonaws.com": "eu-west-1",
		"dwh.abc.eu-west-1.redshift.amazonaws.com": "eu-west-1",
		"vpce-1.s3.eu-west-1.vpce.amazonaws.com": "eu-west-1",
		"abc.lambda-url.eu-west-1.on.aws": "eu-west-1",
		"abc.eu-west-1.awsapprunner.com": "eu-west-1",
		"web.eu-west-1.elasticbeanstalk.com": "eu-west-1",
		"svc-1.europe-west1.run.app": "europe-west1",
		"storage.europe-west3.rep.googleapis.com": "europe-west3",
		"europe-west1-aiplatform.googleapis.com": "europe-west1",
		"europe-west1-docker.pkg.dev": "europe-west1",
		"europe-west1-project-1.cloudfunctions.net": "europe-west1",
		"europe-west10-project.cloudfunctions.net": "europe-west10",
		"vm.westeurope.cloudapp.azure.com": "westeurope",
		"ip-10-0-1-2.eu-west-1.compute.internal": "eu-west-1",
		"ec2-192-0-2-1.eu-west-1.compute.amazonaws.com": "eu-west-1",
		"id.us-east-1.aoss.amazonaws.com": "us-east-1",
		"id.gr7.us-east-1.eks.amazonaws.com": "us-east-1",
		"db.cluster-abc.us-east-1.docdb.amazonaws.com": "us-east-1",
		"db.cluster-abc.us-east-1.neptune.amazonaws.com": "us-east-1",
		"wg.123456789012.us-east-1.redshift-serverless.amazonaws.com": "us-east-1",
		"id.c2.us-east-1.airflow.amazonaws.com": "us-east-1",
		"ec2-192-0-2-1.compute-1.amazonaws.com": "us-east-1",
		"app.westeurope.azurecontainer.io": "westeurope",
		"app.env.westeurope.azurecontainerapps.io": "westeurope",
		"aks.hcp.westeurope.azmk8s.io": "westeurope",
	} {
		regions_hosts.place(host) == region
	}
}

test_hosts_that_serve_the_world if {
	every host in [
		"amazonaws.com", "s3.amazonaws.com", "bucket.s3.amazonaws.com", "us-east-1.s3.amazonaws.com", "s3-accelerate.amazonaws.com",
		"us-east-1-x.amazonaws.com", "s3.us-east-9.amazonaws.com", "us-east-1.x.rds.amazonaws.com", "d1.cloudfront.net",
		"us-east-1.d1.cloudfront.net", "a.awsglobalaccelerator.com", "storage.googleapis.com", "us-docker.pkg.dev",
		"svc-abc-ew.a.run.app", "europe-west99-project.cloudfunctions.net", "x.azurefd.net", "x.azureedge.net", "x.trafficmanager.net",
		"westeurope.trafficmanager.net", "westeurope.azurefd.net", "westeurope.azureedge.net", "us-east-1.cloudfront.net",
		"us-east-1.awsglobalaccelerator.com", "cloudfront.net",
		"s3.westeurope.amazonaws.com", "vm.us-east-1.cloudapp.azure.com", "svc.us-east-1.run.app", "rds.amazonaws.com",
	] {
		regions_hosts.place(host) == host
	}
}

test_hosts_of_others if {
	every host in [
		"", "x", "example.com", "s3.us-east-1.amazonaws.com.evil.com", "evilamazonaws.com", "evilcloudfront.net",
		"cloudfront.net.evil.com", "a/b.cloudfront.net", "us-east-1.myrun.app",
		"account.blob.core.windows.net", "s3..amazonaws.com", ".amazonaws.com", "s3.us-east-1.amazonaws.com.", "a/b.amazonaws.com",
		"us east.amazonaws.com",
	] {
		not regions_hosts.place(host)
	}
}
